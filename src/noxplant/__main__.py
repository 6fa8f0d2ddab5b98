"""`python -m noxplant`: the command line."""

import sys

from noxplant.cli import main

sys.exit(main())
