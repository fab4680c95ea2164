"""An issuer for AuthorizeFunction, without network."""

from collections.abc import Iterator

import pytest

from auth import authorize, store
from dev.application.auth import tokens
from tests.unit.auth.tokens import Answers


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """What the issuer answers to requests for its keys, one after the other; the last one for ever."""
    queue: Answers = [tokens.jwks()]

    def fetch(url: str) -> bytes:
        assert url == tokens.VARIABLES["JWT_JWKS_URL"]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(store, "fetch", fetch)
    for cached in (authorize._issuer, authorize._keys):
        cached.cache_clear()
    yield queue
    authorize._keys.cache_clear()
