"""``python -m workflow`` is ``passline``."""

from workflow.cli import main

main()
