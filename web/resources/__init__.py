"""One class an address: each parses, executes and answers."""
