"""Placeholders in event files, which a replay replaces."""

from dev.replay.cases import with_tokens, with_versions


def test_placeholders_become_tokens() -> None:
    event = {"authorizationToken": "Bearer TOKEN_OF_carol", "headers": {"X": ["TOKEN_OF_dave.x"]}}

    filled = with_tokens(event, lambda name: f"<{name}>")

    assert filled == {"authorizationToken": "Bearer <carol>", "headers": {"X": ["<dave>.x"]}}


def test_placeholders_become_versions_of_the_objects_that_they_name() -> None:
    event = {"object": {"key": "uploads/o+1/%C3%BC", "versionId": "VERSION_OF_uploads/o 1/ü"}, "other": "VERSION"}

    filled = with_versions(event, lambda key: f"<{key}>")

    assert filled == {"object": {"key": "uploads/o+1/%C3%BC", "versionId": "<uploads/o 1/ü>"}, "other": "VERSION"}
