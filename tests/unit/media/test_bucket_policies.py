"""What the local stack leaves of the policy of the log bucket."""

import json
from pathlib import Path

from dev.local_aws import transform
from dev.paths import OPENAPI
from tests.template_facts import copied_template


def test_only_the_statement_against_plain_http_goes(tmp_path: Path) -> None:
    built = copied_template(tmp_path)

    local = json.loads(transform.write_local_template(built, OPENAPI, "http://127.0.0.1:4566").read_text())["Resources"]

    statements = local["MediaLogBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Effect"] for statement in statements] == ["Allow"]
