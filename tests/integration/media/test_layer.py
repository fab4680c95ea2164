"""The layer of functions that take files, as `sam build` makes it: pruned, for both processors."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev.application.stack import Stack

LIBRARY = re.compile(rb"lib[\w+-]+-[0-9a-f]{8}\.so[.\d]*")
"""A library that Pillow brings, by the name that it is linked by."""

PROGRAM = """
import io
import multipart
from filetype.types.image import Gif, Jpeg, Png, Webp
from PIL import Image

for format, kind in {"PNG": Png, "JPEG": Jpeg, "GIF": Gif, "WEBP": Webp}.items():
    file = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(file, format)
    with Image.open(file, formats=[format]) as image:
        image.load()
        print(kind().match(file.getvalue()), image.size)
"""


@pytest.fixture(scope="module")
def site(stack: Stack) -> Path:
    """Where the layer has its packages."""
    return stack.build_dir / "MediaLayer" / "python"


@pytest.mark.skipif(sys.platform != "linux", reason="the layer is compiled for Linux")
def test_layer_alone_reads_and_writes_every_kind_of_image(site: Path) -> None:
    """-S: without this environment's own packages."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM],
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines() == [
        "True (3, 2)",
        "True (3, 2)",
        "True (3, 2)",
        "True (3, 2)",
    ], done.stderr


@pytest.mark.parametrize("processor", ["x86_64", "aarch64"])
def test_layer_has_what_pillow_needs_on_both_processors(site: Path, processor: str) -> None:
    modules = list((site / "PIL").glob(f"*-{processor}-*.so"))

    assert {module.name.partition(".")[0] for module in modules} == {"_imaging", "_imagingmath", "_webp"}
    libraries = list((site / "pillow.libs").iterdir())
    needed = {name.decode() for file in [*modules, *libraries] for name in LIBRARY.findall(file.read_bytes())}
    assert needed == {library.name for library in libraries}
