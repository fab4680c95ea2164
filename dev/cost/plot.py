"""Draws cost against load for a route that reads one item, with and without a function."""

import math

from dev.cost.estimate import Estimator

_FROM, _TO = 4, 8  # powers of ten of requests per month
_LEFT, _TOP, _WIDTH, _HEIGHT = 70, 40, 540, 300
_LOWEST, _HIGHEST = -2, 3  # powers of ten of dollars


def draw(estimator: Estimator) -> str:
    """Return an SVG. Both axes are logarithmic."""
    loads = [10 ** (power / 10) for power in range(_FROM * 10, _TO * 10 + 1)]
    costs = [estimator.read_of_one_item(load) for load in loads]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 400" font-family="sans-serif" font-size="12">',
        '<rect width="660" height="400" fill="#fff"/>',
        '<text x="70" y="24" font-size="14">USD per month for a route that reads one item</text>',
    ]
    parts += [
        f'<text x="{_x(10**power)}" y="358" text-anchor="middle">{10**power:,}</text>'
        for power in range(_FROM, _TO + 1)
    ]
    for power in range(_LOWEST, _HIGHEST + 1):
        y = _y(10.0**power)
        parts += [f'<path d="M{_LEFT} {y}H{_LEFT + _WIDTH}" stroke="#ddd"/>']
        parts += [f'<text x="62" y="{y + 4}" text-anchor="end">{10.0**power:,g}</text>']
    parts += ['<text x="340" y="384" text-anchor="middle">requests per month</text>']
    for index, (name, colour, y) in enumerate((("direct", "#06c", 300), ("with a function", "#c30", 280))):
        points = " ".join(f"{_x(load)},{_y(cost[index])}" for load, cost in zip(loads, costs, strict=True))
        parts += [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>']
        parts += [f'<text x="500" y="{y}" fill="{colour}">{name}</text>']
    return "\n".join([*parts, "</svg>\n"])


def _x(requests: float) -> float:
    return round(_LEFT + _WIDTH * (math.log10(requests) - _FROM) / (_TO - _FROM), 1)


def _y(cost: float) -> float:
    return round(_TOP + _HEIGHT * (_HIGHEST - math.log10(cost)) / (_HIGHEST - _LOWEST), 1)
