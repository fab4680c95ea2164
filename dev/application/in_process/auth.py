"""Environment variables of the authorizer, and the token issuer whose keys it fetches."""

import contextlib
from collections.abc import Callable, Iterator

from dev.application.auth import tokens

VARIABLES = tokens.VARIABLES


@contextlib.contextmanager
def token_issuer() -> Iterator[tuple[dict[str, str], Callable[[str], str]]]:
    """Serve the keys of our tokens. Yield the variables that change, and a function that returns a new token."""
    with tokens.key_server() as url:
        yield {"JWT_JWKS_URL": url}, tokens.token
