"""The issuer's public keys, kept from one invocation to the next."""

import http.client
import math
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from auth.model import read_keys
from shared.observability import MetricUnit, logger, metrics

FETCH_AGAIN_AFTER_SECONDS = 60
KEEP_SECONDS = 3600
"""A key that the issuer withdraws is believed no longer than this, as long as the issuer can be asked."""

MAX_BYTES = 100_000
_TIMEOUT_SECONDS = 1.5  # to connect, to shake hands and to answer: each; what takes longer ends with the function


class KeysUnavailableError(Exception):
    """The issuer's keys have never been read: nothing can be said about any token."""


class KeyStore:
    """Keys by id, fetched when one is missing or all are old, but never more often than once a minute.

    The limit holds after failures too: what a caller sends decides when we fetch.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._clock = clock  # not monotonic: that one may stand still while Lambda freezes the process
        self._keys: dict[str, RSAPublicKey] = {}
        self._fetched_at = self._tried_at = -math.inf

    def find(self, kid: str) -> RSAPublicKey | None:
        """Return the key of that id, if the issuer has one. Raises KeysUnavailableError if we have none at all."""
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
            self._keys = read_keys(fetch(self._url))
        except (OSError, http.client.HTTPException, ValueError):
            logger.exception("keys not fetched", url=self._url)
        else:
            self._fetched_at = now


def fetch(url: str) -> bytes:
    """Return what is at a URL, following nothing. Raises OSError, HTTPException, or ValueError for what is no answer.

    urllib.request would follow a redirect to anywhere, and takes longer to import.
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
