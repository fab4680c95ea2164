"""The application that the local AWS runs."""

import contextlib
import hashlib
import itertools
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
        return digest(*self.infrastructure, self.functions, _LOCAL_AWS)

    @property
    def infrastructure(self) -> tuple[Path, ...]:
        """Files and folders whose changes need a deployment. The template may include other YAML files beside it."""
        return *sorted(self.root.glob("*.yaml")), self.openapi, self.root / "layers"


def digest(*paths: Path) -> str:
    """Return a hash of files and of all files in folders."""
    found = hashlib.sha256()
    for file in itertools.chain.from_iterable(map(files, paths)):
        with contextlib.suppress(FileNotFoundError):  # deleted since it was listed
            content = file.read_bytes()
            found.update(f"{file}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()


def files(path: Path) -> Iterator[Path]:
    """Yield a file itself, or all files of a folder but bytecode. Nothing if it does not exist."""
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
    elif path.exists():
        yield path
