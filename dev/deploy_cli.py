"""`dev deploy`: a stage, with the roles of the pipeline."""

from typing import Annotated

import typer


def deploy(
    stage: Annotated[str, typer.Argument(help="dev, staging or prod.")],
    plan: Annotated[bool, typer.Option("--plan", help="Show the change set only.")] = False,
) -> None:
    """Deploy the last `make build` to a stage on AWS, without questions. Rejects an emulator. For pipelines.

    Uses the roles and the bucket of pipeline/template.yaml. `sam deploy` shows the change set before it executes it.
    """
    import boto3

    from dev import stages

    stages.deploy(stages.read_stage(stage), boto3.Session().client, stages.run, plan=plan)
