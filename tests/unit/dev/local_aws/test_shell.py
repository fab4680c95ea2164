"""Commands for the shell of a user, run by bash."""

import subprocess

from dev.local_aws import shell


def bash(*commands: str) -> list[str]:
    done = subprocess.run(["bash", "-c", "\n".join(commands)], capture_output=True, text=True, check=True, env={})
    return done.stdout.splitlines()


def test_prompt_shows_that_aws_is_the_local_stack_until_it_is_undone() -> None:
    on, off = shell.export({"AWS_ENDPOINT_URL": "http://here"}), shell.unset(["AWS_ENDPOINT_URL"])
    show = 'echo "$PS1${AWS_ENDPOINT_URL-unset}"'

    assert bash("PS1='$ '", on, on, show, off, show) == ["(local AWS) $ http://here", "$ unset"]
    assert bash(on, show) == ["http://here"]
