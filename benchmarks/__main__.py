"""`python -m benchmarks`, which is `make bench`."""

import sys

from benchmarks.write_path import main

sys.exit(main())
