"""Schemathesis over the whole API: whatever it sends, the answers are those of the document."""
