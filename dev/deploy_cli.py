"""`dev deploy`: a stage, with the roles of the pipeline."""

from typing import Annotated

import typer


def deploy(
    stage: Annotated[str, typer.Argument(help="dev, staging or prod.")],
    plan: Annotated[bool, typer.Option("--plan", help="Show the change set only.")] = False,
) -> None:
    """Deploy the last `make build` to a stage on AWS, without questions. Refuses an emulator. For pipelines.

    Uses the roles and the bucket of pipeline/template.yaml. `sam deploy` shows the change set before it executes it.
    """
    import boto3

    from dev.stages import deploy, read_stage, run

    chosen = read_stage(stage)
    deploy(chosen, boto3.Session().client, run, plan=plan)  # type: ignore[arg-type]
