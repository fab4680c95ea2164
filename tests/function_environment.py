"""The environment of functions called in this process. Import it before them: they make clients and logger at once."""

import os

from dev.application.in_process import function_environment

_hermetic = function_environment()
_hermetic.pop("FORCE_COLOR", None)  # tests read what commands print
os.environ.clear()
os.environ.update(_hermetic)
