"""Later work: rows that are claimed, done, tried again, or left for a person."""
