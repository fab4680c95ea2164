"""The application that the local AWS runs."""

from dataclasses import dataclass
from pathlib import Path


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
