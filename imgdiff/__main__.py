"""``python -m imgdiff``."""

import sys

from imgdiff.cli import main

if __name__ == "__main__":
    sys.exit(main())
