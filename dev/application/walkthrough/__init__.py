"""Sends requests to every part of the deployed API, and fails at the first unexpected answer."""

from dev.application.stack import Stack
from dev.application.walkthrough import media, messages, products, users
from dev.application.walkthrough.steps import Show

PATTERNS = (products.walk, users.walk, media.walk, messages.walk)


def run(stack: Stack, show: Show) -> None:
    """Run every part. Raises DevError at the first unexpected answer."""
    for walk in PATTERNS:
        walk(stack, show)
