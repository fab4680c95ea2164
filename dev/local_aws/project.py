"""The application that the local AWS runs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LOCAL_AWS = Path(__file__).parent


@dataclass(frozen=True)
class Project:
    """A SAM application: its template, its OpenAPI document and the code of its functions.

    If the template has a parameter `EndpointUrl`, its value is the emulator's address.
    """

    template: Path
    openapi: Path
    functions: Path

    @property
    def root(self) -> Path:
        return self.template.parent

    def digest(self) -> str:
        """Return a hash of all files that the build and the local deployment are made of."""
        digest = hashlib.sha256()
        for path in self._sources():
            content = path.read_bytes()
            digest.update(f"{path}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        yield self.template
        yield self.openapi
        for folder in (self.functions, self.root / "layers", _LOCAL_AWS):
            files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
            yield from sorted(files)
