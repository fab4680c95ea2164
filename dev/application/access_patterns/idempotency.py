"""Access patterns of the idempotency table: the part of a transaction that stores an Idempotency-Key."""

from dataclasses import replace

from dev.application.access_patterns.pattern import pattern
from shared.idempotency import IdempotencyRecord, write_once

RECORD = IdempotencyRecord("0" * 64, "1" * 64, {"id": "0" * 32}, "2026-01-01T00:00:00.000Z")

TABLE = "IdempotencyTable"
_FIRST = pattern("write-once", write_once, [], RECORD)
PATTERNS = (_FIRST, replace(_FIRST, name="write-once-again", first=_FIRST.ask))
