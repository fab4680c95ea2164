"""The environment of functions called in this process. Import it before them: they make clients and logger at once."""

import atexit
import os

from aws_xray_sdk.core import xray_recorder  # opens a socket when it is imported, which tests forbid later

from dev.application.in_process import function_environment

_hermetic = function_environment()
os.environ.clear()
os.environ.update(_hermetic)
atexit.register(xray_recorder.emitter._socket.close)  # warnings are errors
