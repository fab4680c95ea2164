"""Drives every pattern of the deployed stack once over HTTP, and fails if anything was unexpected."""

from dev.application.stack import Stack
from dev.application.walkthrough import media, messages, products, users
from dev.application.walkthrough.steps import Show

PATTERNS = (products.walk, users.walk, media.walk, messages.walk)


def run(stack: Stack, show: Show) -> None:
    """Walk through every pattern. Raises DevError at the first thing that is not as expected."""
    for walk in PATTERNS:
        walk(stack, show)
