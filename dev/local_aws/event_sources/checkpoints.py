"""The progress of each mapping in each shard, in a file."""

import contextlib
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

type Positions = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Checkpoints:
    """Sequence numbers by mapping and shard. Threads share one object. The file is replaced atomically."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)
    _known: Positions = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):  # then all is delivered again, which loses nothing
            self._known.update(json.loads(self.path.read_text()))

    def get(self, mapping: str, shard: str) -> str | None:
        """Return the last processed number: empty for the beginning, None for a new shard."""
        return self._known.get(mapping, {}).get(shard)

    def save(self, mapping: str, shard: str, number: str) -> None:
        """Save that everything up to a number is processed."""
        with self._lock:
            self._known.setdefault(mapping, {})[shard] = number
            temporary = self.path.with_suffix(".new")
            temporary.write_text(json.dumps(self._known, indent=1))
            temporary.replace(self.path)
