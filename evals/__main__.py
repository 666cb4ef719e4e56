"""``python -m evals``: see ``evals.command``."""

import sys

from evals.command import main

if __name__ == "__main__":
    sys.exit(main())
