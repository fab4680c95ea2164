"""The end of a function's init phase."""

import gc


def complete() -> None:
    """Turn the collector on again, and keep it away from what init built. Called by the handler decorators."""
    gc.enable()
    gc.freeze()
