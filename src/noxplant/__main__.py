"""`python -m noxplant`: the command line."""

import sys

try:
    from noxplant.cli import main
except KeyboardInterrupt:
    sys.exit(130)

sys.exit(main())
