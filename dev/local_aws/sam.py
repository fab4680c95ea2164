"""Runs the real SAM CLI."""

import ast
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from dev.errors import DevError
from dev.local_aws.emulator import aws_environment
from dev.local_aws.project import Project

SAM = str(Path(sys.executable).with_name("sam"))
_DIGEST = "digest"


def built_from(build_dir: Path) -> str:
    """Return the digest of the project that was built, or nothing."""
    record = build_dir / _DIGEST
    return record.read_text() if record.exists() else ""


def build(project: Project, build_dir: Path, endpoint_url: str, report: Callable[[str], None]) -> Path:
    """Build the project's template with a cache, unless it is built. Return the built template. Raises DevError."""
    built, digest = build_dir / "template.yaml", project.digest()
    if built_from(build_dir) == digest:
        return built
    report("sam build …")
    require_valid_python(project)
    (build_dir / _DIGEST).unlink(missing_ok=True)
    cache_dir = build_dir.with_name("cache")
    _run(
        [
            *("build", "--template-file", str(project.template)),
            *("--cached", "--cache-dir", str(cache_dir)),
            *("--build-dir", str(build_dir)),
        ],
        project.root,
        endpoint_url,
    )
    (build_dir / _DIGEST).write_text(digest)
    return built


def deploy(template: Path, root: Path, stack_name: str, bucket: str, endpoint_url: str, **parameters: str) -> None:
    """Create or update the stack at `endpoint_url`. Raises DevError."""
    overrides = {"EndpointUrl": endpoint_url, **parameters}
    _run(
        [
            "deploy",
            *("--template-file", str(template)),
            *("--stack-name", stack_name),
            *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in overrides.items())),
            *("--s3-bucket", bucket),  # not --resolve-s3: its own stack, interrupted, cannot be repaired
            "--no-confirm-changeset",
            "--no-fail-on-empty-changeset",
            "--no-progressbar",
        ],
        root,
        endpoint_url,
    )


def local(command: str, folder: Path, port: int) -> list[str]:
    """Return the command of a `sam local` server that needs no registry and keeps its containers warm.

    `folder` holds what `sam_local.write` has written.
    """
    return [
        *(SAM, "local", command, "--config-env", "none"),
        *("--template-file", str(folder / "template.json")),
        *("--env-vars", str(folder / "env.json")),
        *("--port", str(port)),
        *("--warm-containers", "LAZY"),
        "--skip-pull-image",
    ]


def environment(endpoint_url: str) -> dict[str, str]:
    """Return the environment in which the SAM CLI uses the emulator."""
    return aws_environment(endpoint_url) | {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.2"}


def _run(arguments: Sequence[str], root: Path, endpoint_url: str) -> None:
    # An empty configuration, because values of samconfig.toml would mix with these.
    command = [SAM, *arguments, "--config-env", "none"]
    with tempfile.TemporaryDirectory() as leftovers:
        done = subprocess.run(
            command,
            env=environment(endpoint_url) | {"TMPDIR": leftovers},
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        complaint, _, _ = done.stderr.partition("\nTraceback:\n")  # of the SAM CLI itself
        lines = [*done.stdout[-4000:].splitlines(), *complaint[-4000:].splitlines()]
        shown = [line for line in lines if line.strip() and "File with same data already exists" not in line]
        raise DevError("\n".join([f"`sam {arguments[0]}` failed:", *shown]))


def require_valid_python(project: Project) -> None:
    """Raise DevError for invalid Python, because `sam build` copies files without checking them."""
    for path in project.functions.rglob("*.py"):
        try:
            ast.parse(path.read_text())
        except SyntaxError as error:
            raise DevError(f"{path.relative_to(project.root)}, line {error.lineno}: {error.msg}") from error
