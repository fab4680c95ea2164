"""Pictures to upload: hills under a sky."""

import io
import math
import random

from PIL import Image, ImageColor, ImageDraw

SKIES = (
    ("#2b3a67", "#e8846b", "#ffd9a0"),
    ("#20394a", "#6f9ea3", "#e9e2c9"),
    ("#37474f", "#78909c", "#d7ccc8"),
    ("#86c5da", "#d5ecf2", "#ffffff"),
    ("#1f2a5a", "#b05c8a", "#ffc48c"),
)


def landscape(number: int, width: int = 1200, height: int = 900) -> bytes:
    """Return a JPEG of hills under a sky. The same number gives the same picture."""
    rolled = random.Random(number)  # noqa: S311 # nosec B311 - nothing depends on it
    picture = _sky(SKIES[number], width, height)
    draw = ImageDraw.Draw(picture)
    x, y, radius = width * rolled.uniform(0.2, 0.8), height * rolled.uniform(0.3, 0.45), height * 0.07
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#fff6dc")
    horizon = ImageColor.getrgb(SKIES[number][1])
    for layer in range(1, 5):
        phases = [rolled.uniform(0, 6.3) for _ in range(3)]
        ridge = [(x, height * (0.38 + 0.13 * layer + _wave(x / width, phases))) for x in range(0, width + 8, 8)]
        shade = tuple(int(channel * (1 - 0.2 * layer)) for channel in horizon)
        draw.polygon([*ridge, (width, height), (0, height)], fill=shade)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def _sky(colours: tuple[str, ...], width: int, height: int) -> Image.Image:
    sky = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        sky.putpixel((0, row), ImageColor.getrgb(colour))
    return sky.resize((width, height), Image.Resampling.BICUBIC)


def _wave(at: float, phases: list[float]) -> float:
    return sum(0.05 / n * math.sin(5 * n * at + phase) for n, phase in enumerate(phases, start=1))
