"""ETag and If-Match."""

import pytest

from shared.entity_tag import entity_tag, versions_matching
from shared.errors import InvalidParameterError


def test_entity_tag_is_the_quoted_version() -> None:
    assert entity_tag(7) == '"7"'


@pytest.mark.parametrize(
    ("if_match", "versions"),
    [
        (None, None),
        ("*", None),
        ('"3"', [3]),
        ('"3", "5"', [3, 5]),
        ('"3","3"', [3]),
        ('W/"3"', []),
        ('W/"3", "4"', [4]),
        ('"abc"', []),
        ('""', []),
        ('"0"', []),
        ('"-1"', []),
        ('"99999999999999999999"', []),
    ],
)
def test_if_match_names_versions(if_match: str | None, versions: list[int] | None) -> None:
    assert versions_matching(if_match) == versions


@pytest.mark.parametrize(
    "if_match", ["3", '"3', '3"', "", '"3" "4"', '"a"b"', ", ".join(f'"{n}"' for n in range(1, 12))]
)
def test_bad_if_match_is_refused(if_match: str) -> None:
    with pytest.raises(InvalidParameterError):
        versions_matching(if_match)
