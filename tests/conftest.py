"""What every suite shares: the machine's tools, and one deployed stack of the tests' own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # tests/lint has no use for it, and it takes a second
    from dev.application.stack import Stack, Status

pytest_plugins = ["pytester", "tests.failed_fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-events", action="store_true", help="replay every event on the stack and in sam local too")
    parser.addoption("--all-faults", action="store_true", help="inject every fault, instead of a sample")


LAMBDA_IMAGE = "public.ecr.aws/lambda/python:3.13-x86_64"


def need(present: bool, what: str) -> None:
    """Skip the test for want of a tool; fail it where `.ci/run` says that every tool is there."""
    if not present:
        (pytest.fail if "EVERY_TOOL_IS_HERE" in os.environ else pytest.skip)(f"needs {what}")


@pytest.fixture(scope="session")
def docker() -> None:
    """Docker Engine on this machine, with the image that `sam local` runs functions in."""
    from dev.errors import DevError
    from dev.local_aws.containers import docker_host_address, require_bindable

    inspect = ["docker", "image", "inspect", LAMBDA_IMAGE]
    need(
        shutil.which("docker") is not None
        and subprocess.run(inspect, capture_output=True, check=False).returncode == 0,
        f"a Docker engine with {LAMBDA_IMAGE}",
    )
    try:
        require_bindable(docker_host_address(), 0)
    except DevError as error:
        need(present=False, what=f"Docker Engine on Linux. {error}")


@pytest.fixture(scope="session")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests' stacks are built, once for all of them."""
    return tmp_path_factory.mktemp("sam") / "build"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, build_dir: Path) -> Iterator["Stack"]:
    """The application deployed into an emulator of its own, on a free port."""
    from dev.application.stack import Stack

    stack = Stack(home=tmp_path_factory.mktemp("stack"), build_dir=build_dir, default_port=0)
    try:
        stack.up(lambda _: None)
        yield stack
    finally:
        stack.down(lambda _: None, delete=True)


@pytest.fixture(scope="session")
def status(stack: "Stack") -> "Status":
    return stack.status()
