"""Small images that need much memory or time to decode."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dev.paths import ROOT

PIXELS, PARTS = "The image has more than 40 million pixels.", "The image has too many parts."
ENDINGS = {
    "GIF of one frame of 65535 x 65535, which is made room for on opening": PIXELS,
    "PNG of 20000 x 20000": PIXELS,
    "JPEG of 65535 x 65535": PIXELS,
    "lossy WebP of 16383 x 16383": PIXELS,
    "lossless WebP of 16384 x 16384": PIXELS,
    "extended WebP of 100000 x 40000": PIXELS,
    "GIF with a comment of 4 MiB, byte by byte": PARTS,
    "GIF with 4 MiB of nothing": PARTS,
    "PNG of 100,000 chunks": PARTS,
    "JPEG of 20,000 segments of EXIF": PARTS,
    "JPEG of 1000 scans": PARTS,
    "JPEG of 1000 scans behind a false end": PARTS,
    "JPEG of 4 MiB of padding": PARTS,
    "WebP of 300,000 chunks": "image/webp",
    "WebP of as many pixels as are allowed": "image/webp",
}
ROOM = 730 * 1024 * 1024
"""Memory for the largest image in bytes. Another copy of its pixels would exceed the limit by a fifth."""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit a process's memory")
def test_bombs_are_inspected_within_limits_of_memory_and_time() -> None:
    """All bombs are inspected in one process with limited memory, like that of a function."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("bombs.py"), str(ROOM)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/functions:{ROOT}"},
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == ENDINGS
