"""Commands on the functions of products, in a fresh clone whose stack runs."""

import json
import re

from dev.paths import ROOT
from tests.e2e.clone import Clone


def test_invoke_prints_the_answer(first_run: str, clone: Clone) -> None:
    answer = clone.run(".venv/bin/dev invoke CreateProductFunction events/products/create/ok.json")

    assert json.loads(answer)["statusCode"] == 201


def test_logs_show_what_functions_logged(first_run: str, clone: Clone) -> None:
    shown = clone.run(".venv/bin/dev logs GetProduct --since 1d --tail 1")

    assert re.fullmatch(r"\d\d:\d\d:\d\d GetProduct \d{3}( \w+)? \d+ms( cold start)?\n", shown)


def test_sam_sync_and_sam_local_use_the_running_stack(docker: None, first_run: str, clone: Clone) -> None:
    """`sam sync` deletes `.aws-sam/build`, so the stack's build is not there."""
    prepare = 'source .venv/bin/activate && eval "$(dev env)"'
    sync = re.findall(r"env -u [^`]+ sam sync [^`]+", (ROOT / "docs" / "local-stack.md").read_text())[0]
    sync = sync.replace("FUNCTION", "GetProductFunction").strip()
    invoke = "sam local invoke CreateProductFunction -e events/products/create/ok.json"

    answer = clone.run(f"{prepare} && {sync} <<<y >sync 2>&1 && {invoke}")

    assert "Finished syncing Lambda Function GetProductFunction." in (clone.folder / "sync").read_text()
    assert json.loads(answer)["statusCode"] == 201


def test_filter_of_another_event_is_an_error(first_run: str, clone: Clone) -> None:
    clone.run(".venv/bin/dev filter events/products/get/ok.json 2>error", expect=1)

    assert (clone.folder / "error").read_text().splitlines()[-1].startswith("error: ")
