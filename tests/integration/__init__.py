"""Functions are called in this process."""

import tests.function_environment  # noqa: F401
