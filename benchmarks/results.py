"""What was measured, as a table and as a plot."""

import os
import platform
import re
import statistics
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.instructions import Counts
from benchmarks.times import Times
from benchmarks.variants import Variant

type Results = dict[str, Any]

_HEAD = ("", "cold", "ratio", "CPU", "ratio", "spread", "memory", "warm", "ratio", "CPU", "ratio")
_UNITS = ("", "M", "", "ms", "", "", "MB", "k", "", "us", "")
_ROW, _LEFT, _SCALE, _WIDTH = 18, 190, 420, 900
_STYLE = "text{font:12px sans-serif;fill:#333}.instructions{fill:#0a7}.processor{fill:#9cc}line{stroke:#666}"


def results(
    variants: Mapping[str, Variant], counts: Mapping[str, Counts], times: Mapping[str, Sequence[Times]], build: Path
) -> Results:
    """Return numbers by variant. Ratios of cold starts are to the bare handler, as are those of warm responses, unless
    there is a bare handler that makes the same call. Numbers of a batch are of one record.
    """
    rows: dict[str, dict[str, float]] = {}
    for name, variant in variants.items():
        same = f"bare {name}" if f"bare {name}" in variants else "bare"
        cold, warm = _ratios(times[name], times["bare"], 0), _ratios(times[name], times[same], 1)
        first, later = counts[name]
        rows[name] = {
            "cold_instructions": first,
            "cold_instructions_ratio": first / counts["bare"][0],
            "cold_cpu_seconds": _median(times[name], 0),
            "cold_cpu_ratio": statistics.median(cold),
            "cold_cpu_ratio_spread": _spread(cold),
            "memory_megabytes": _median(times[name], 2),
            "warm_instructions": later / variant.records,
            "warm_instructions_ratio": later / variant.records / counts[same][1],
            "warm_cpu_seconds": _median(times[name], 1) / variant.records,
            "warm_cpu_ratio": statistics.median(warm) / variant.records,
        }
    return {"machine": _machine(), "layers_zipped_megabytes": dict(_layers(build)), "results": rows}


def _ratios(times: Sequence[Times], others: Sequence[Times], index: int) -> list[float]:
    """Return the ratios of the rounds."""
    return [each[index] / other[index] for each, other in zip(times, others, strict=True)]


def _median(times: Sequence[Times], index: int) -> float:
    return statistics.median(each[index] for each in times)


def _spread(numbers: Sequence[float]) -> float:
    """Return the distance between the quartiles."""
    low, _, high = statistics.quantiles(numbers, n=4)
    return high - low


def _machine() -> str:
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = names[0] if names else platform.processor()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{processor} ({os.cpu_count()} processors), {system}"


def _layers(build: Path) -> Iterator[tuple[str, float]]:
    for layer in sorted(build.glob("*Layer")):
        with tempfile.TemporaryFile() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in layer.rglob("*"):
                    archive.write(path, path.relative_to(layer))
            yield layer.name, file.tell() / 1e6


def table(measured: Results) -> str:
    """Return rows with units under their names."""
    lines = [measured["machine"], ""]
    lines += [f"{head[0]:32}" + "".join(f"{each:>9}" for each in head[1:]) for head in (_HEAD, _UNITS)]
    lines += [f"{name:32}" + "".join(f"{each:>9}" for each in _cells(row)) for name, row in measured["results"].items()]
    lines += ["", *(f"{name:32}{size:8.1f} MB zipped" for name, size in measured["layers_zipped_megabytes"].items())]
    return "\n".join(lines)


def _cells(row: Mapping[str, float]) -> Iterator[str]:
    yield f"{row['cold_instructions'] / 1e6:.0f}"
    yield f"{row['cold_instructions_ratio']:.2f}"
    yield f"{row['cold_cpu_seconds'] * 1e3:.0f}"
    yield f"{row['cold_cpu_ratio']:.2f}"
    yield f"{row['cold_cpu_ratio_spread']:.2f}"
    yield f"{row['memory_megabytes']:.0f}"
    yield f"{row['warm_instructions'] / 1e3:.0f}"
    yield f"{row['warm_instructions_ratio']:.2f}"
    yield f"{row['warm_cpu_seconds'] * 1e6:.0f}"
    yield f"{row['warm_cpu_ratio']:.2f}"


def plot(measured: Results) -> str:
    """Return an SVG of cold starts. Bars of a feature are between comments, so that a fork can leave them out."""
    rows = [(name, row) for name, row in measured["results"].items() if " " not in name]
    height = _ROW * (len(rows) + 5)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        _text(8, 1, "Cold start to first response, as a ratio to a bare boto3 handler"),
        _text(8, 2, "dark: instructions, light: processor time; then warm responses, instructions as a ratio"),
    ]
    numbered = enumerate(rows, 3)
    for feature, group in groupby(numbered, lambda each: each[1][0].rpartition("/")[0]):
        lines += [f"<!-- {feature} -->"] if feature else []
        lines += [line for number, (name, row) in group for line in _bar(number, name, row)]
        lines += [f"<!-- /{feature} -->"] if feature else []
    bare = _LEFT + _SCALE
    lines.append(f'<line x1="{bare}" x2="{bare}" y1="{_ROW * 2.3}" y2="{_ROW * (len(rows) + 2.3)}"/>')
    lines += [_text(8, len(rows) + 3.5, measured["machine"]), "</svg>"]
    return "\n".join(lines) + "\n"


def _bar(number: int, name: str, row: Mapping[str, float]) -> Iterator[str]:
    yield _text(8, number, name)
    for css, offset, ratio in (("instructions", 0.7, "cold_instructions_ratio"), ("processor", 0.35, "cold_cpu_ratio")):
        y = _ROW * (number - offset)
        width = row[ratio] * _SCALE
        yield f'<rect class="{css}" x="{_LEFT}" y="{y:.1f}" width="{width:.1f}" height="5"/>'
    yield _text(_LEFT + _SCALE + 60, number, f"{row['cold_instructions_ratio']:.2f}  {row['cold_cpu_ratio']:.2f}")
    yield _text(_LEFT + _SCALE + 160, number, f"warm {row['warm_instructions_ratio']:.2f}")


def _text(x: int, row: float, text: str) -> str:
    return f'<text x="{x}" y="{_ROW * row:.1f}">{escape(text)}</text>'
