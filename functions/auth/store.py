"""The issuer's public keys, cached between invocations."""

import http.client
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from auth.model import read_keys
from shared.observability import MetricUnit, logger, metrics

FETCH_AGAIN_AFTER_SECONDS = 60
KEEP_SECONDS = 3600
"""Keys that the issuer withdraws are used at most this long, if the issuer can be reached."""

MAX_BYTES = 100_000
_TIMEOUT_SECONDS = 1.5  # for each of connection, TLS handshake and response
_FETCH_SECONDS = 3
"""For all of them, the name and its other addresses. Lambda stops the function after 5, and its keys would be gone."""


class KeysUnavailableError(Exception):
    """The issuer's keys could not be fetched yet, so no token can be verified."""


class KeyStore:
    """Keys by id. They are fetched when one is missing or all are old, at most once a minute.

    The limit also holds after failures, because callers' tokens cause the fetches.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._clock = clock  # not monotonic, which may stop while Lambda freezes the process
        self._keys: dict[str, RSAPublicKey] = {}
        self._fetched_at = self._tried_at = -math.inf

    def find(self, kid: str) -> RSAPublicKey | None:
        """Return the key with this id, None if there is none. Raises KeysUnavailableError if there are no keys."""
        now = self._clock()
        wanted = kid not in self._keys or now - self._fetched_at >= KEEP_SECONDS
        if wanted and now - self._tried_at >= FETCH_AGAIN_AFTER_SECONDS:
            self._tried_at = now
            self._fetch(now)
        if not self._keys:
            metrics.add_metric("KeysUnavailable", MetricUnit.Count, 1)
            raise KeysUnavailableError(f"no keys from {self._url}")
        return self._keys.get(kid)

    def _fetch(self, now: float) -> None:
        try:
            self._keys = read_keys(ThreadPoolExecutor(1).submit(fetch, self._url).result(_FETCH_SECONDS))
        except (OSError, http.client.HTTPException, ValueError):
            logger.exception("keys not fetched", url=self._url)
        else:
            self._fetched_at = now


def fetch(url: str) -> bytes:
    """Get a URL. Raises OSError, HTTPException, or ValueError for another status than 200 or a body over MAX_BYTES.

    urllib.request would follow redirects to any host, and takes longer to import.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise ValueError(f"answered {answer.status}")
    if len(body) > MAX_BYTES:
        raise ValueError(f"answered more than {MAX_BYTES} bytes")
    return body
