"""ETag and If-Match."""

import pytest

from shared.entity_tag import entity_tag, versions_matching
from shared.errors import InvalidParameterError


def test_entity_tag_is_the_quoted_version() -> None:
    assert entity_tag(7) == '"7"'


VERSIONS = [
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
    (", ".join(f'"{n}"' for n in range(1, 11)), list(range(1, 11))),
]


def test_if_match_names_versions(subtests: pytest.Subtests) -> None:
    for if_match, versions in VERSIONS:
        with subtests.test(if_match=if_match):
            assert versions_matching(if_match) == versions


BAD_IF_MATCH = ["3", '"3', '3"', "", '"3" "4"', '"a"b"', ", ".join(f'"{n}"' for n in range(1, 12))]


def test_bad_if_match_is_refused(subtests: pytest.Subtests) -> None:
    for if_match in BAD_IF_MATCH:
        with subtests.test(if_match=if_match), pytest.raises(InvalidParameterError):
            versions_matching(if_match)
