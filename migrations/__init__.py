"""The schema's history, one small step a file."""
