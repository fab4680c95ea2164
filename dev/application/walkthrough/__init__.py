"""Sends requests to every part of the deployed API, and fails at the first unexpected answer."""

from dev.application.features import in_order_of_the_template, parts
from dev.application.stack import Stack
from dev.application.walkthrough.steps import Show


def run(stack: Stack, show: Show) -> None:
    """Run the part of each feature, and show its steps. Raises DevError at the first unexpected answer."""
    for feature in in_order_of_the_template(parts("walkthrough", "walk")):
        feature.walk(stack, show)
