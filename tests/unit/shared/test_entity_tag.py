"""ETag and If-Match."""

import pytest

from shared.entity_tag import entity_tag, revisions_matching
from shared.errors import InvalidParameterError

CREATED = "2026-01-01T00:00:00.000Z"


def test_entity_tag_is_the_quoted_version_and_creation_time() -> None:
    assert entity_tag(7, CREATED) == '"7-2026-01-01T00:00:00.000Z"'


REVISIONS = [
    (None, None),
    ("*", None),
    (f'"3-{CREATED}"', [(3, CREATED)]),
    (f'"3-{CREATED}", "5-{CREATED}"', [(3, CREATED), (5, CREATED)]),
    (f'"3-{CREATED}","3-{CREATED}"', [(3, CREATED)]),
    (f'W/"3-{CREATED}"', []),
    (f'W/"3-{CREATED}", "4-{CREATED}"', [(4, CREATED)]),
    ('"3"', []),
    ('"abc"', []),
    ('""', []),
    (f'"0-{CREATED}"', []),
    (f'"-1-{CREATED}"', []),
    (f'"99999999999999999999-{CREATED}"', []),
    (", ".join(f'"{n}-{CREATED}"' for n in range(1, 11)), [(n, CREATED) for n in range(1, 11)]),
]


def test_if_match_names_revisions(subtests: pytest.Subtests) -> None:
    for if_match, revisions in REVISIONS:
        with subtests.test(if_match=if_match):
            assert revisions_matching(if_match) == revisions


BAD_IF_MATCH = ["3", '"3', '3"', "", '"3" "4"', '"a"b"', ", ".join(f'"{n}-{CREATED}"' for n in range(1, 12))]


def test_bad_if_match_is_rejected(subtests: pytest.Subtests) -> None:
    for if_match in BAD_IF_MATCH:
        with subtests.test(if_match=if_match), pytest.raises(InvalidParameterError):
            revisions_matching(if_match)
