"""Text that callers send."""

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def has_control_characters(text: str, *, allowed: str = "") -> bool:
    """Return whether `text` contains control characters or lone surrogates, other than those in `allowed`."""
    return any(character not in allowed for character in _CONTROL.findall(text))
