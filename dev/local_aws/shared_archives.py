"""Unpacks each archive of code or a layer once, for all processes of functions that use it."""

import hashlib
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any

_unpacking = threading.Lock()


class SharedArchive(zipfile.ZipFile):
    """A `ZipFile` whose files nobody changes. On AWS, functions cannot write to them either."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self._path = Path(path)

    def namelist(self) -> list[str]:
        """Return nothing: the emulator resolves every name for every process, a tenth of a second for a layer.

        It looks for names that lead out of the folder, which `extractall` never follows.
        """
        return []

    def extractall(self, path: Any = None, *_: Any, **__: Any) -> None:
        """Replace the empty folder `path` by a link to the files of this archive."""
        digest = hashlib.sha256(self._path.read_bytes()).hexdigest()
        folder = Path(tempfile.gettempdir()) / f"archive-{digest}"
        with _unpacking:
            if not folder.exists():
                incomplete = folder.with_suffix(".incomplete")
                super().extractall(incomplete, super().namelist())
                incomplete.rename(folder)
        Path(path).rmdir()
        Path(path).symlink_to(folder)
