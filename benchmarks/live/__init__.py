"""Streams under load: how soon a watcher has what was committed, and what a stream costs."""
