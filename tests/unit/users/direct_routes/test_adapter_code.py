"""The adapter as it is deployed locally."""

import json
import subprocess
import sys
from pathlib import Path

from dev.local_aws import transform
from dev.paths import OPENAPI
from tests.template_facts import copied_template


def test_adapter_s_code_is_complete(tmp_path: Path) -> None:
    """In an interpreter that does not see this repository: it reads the contract, and imports nothing else of `dev`."""
    built = copied_template(tmp_path)
    local = json.loads(transform.write_local_template(built, OPENAPI, "http://127.0.0.1:4566").read_text())
    folder = local["Resources"]["UsersIntegrationRoleAdapter"]["Properties"]["CodeUri"]
    program = "from dev.local_aws.apigateway import adapter; print(len(adapter.direct_routes(adapter._document())))"

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": folder},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "4\n", done.stderr
