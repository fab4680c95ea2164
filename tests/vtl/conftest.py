"""Real Apache Velocity, from Debian's packages, as the measure of our renderer."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from dev.local_aws.apigateway.vtl import Rendered
from tests.conftest import need

settings.load_profile("ci")  # as in unit tests
JARS = [Path("/usr/share/java", f"{name}.jar") for name in ("velocity", "commons-lang", "commons-collections3", "gson")]

type Velocity = Callable[..., Rendered]


@pytest.fixture(scope="session")
def velocity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Velocity]:
    """Renders like dev.local_aws.apigateway.vtl.render, in a Java process that lives as long as the session."""
    need(shutil.which("javac") is not None, "a Java compiler (Debian: default-jdk-headless)")
    need(all(jar.exists() for jar in JARS), "Apache Velocity (Debian: velocity libgoogle-gson-java)")
    classes = tmp_path_factory.mktemp("oracle")
    class_path = ":".join(map(str, [*JARS, classes]))
    source = Path(__file__).with_name("Oracle.java")
    subprocess.run(["javac", "-cp", class_path, "-d", str(classes), str(source)], check=True)
    with subprocess.Popen(
        ["java", "-cp", class_path, "Oracle"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def render(template: str, **names: Any) -> Rendered:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"template": template, **names}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            return Rendered(answer["text"], answer["override"].get("status"), answer["override"]["header"])

        yield render
        process.stdin.close()  # type: ignore[union-attr]
