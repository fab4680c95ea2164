"""samconfig.toml gives each stage all its settings, with parameters and options that exist."""

import re
import tomllib
from typing import Any

from dev.paths import ROOT
from tests.lint.rules import check
from tests.template_facts import TEMPLATE

ENVIRONMENTS: dict[str, Any] = {
    name: environment
    for name, environment in tomllib.loads((ROOT / "samconfig.toml").read_text()).items()
    if name != "version"
}
DEPLOY: dict[str, dict[str, Any]] = {name: each["deploy"]["parameters"] for name, each in ENVIRONMENTS.items()}


def overrides(name: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in DEPLOY[name]["parameter_overrides"].split())


def test_every_stage_has_an_environment_and_its_value() -> None:
    stages = {name: overrides(name)["Stage"] for name in DEPLOY if name != "default"}

    assert stages == {stage: stage for stage in TEMPLATE["Parameters"]["Stage"]["AllowedValues"]}


def test_parameters_are_those_of_the_template() -> None:
    offenders = [
        f"[{name}] {parameter}={value}"
        for name in DEPLOY
        for parameter, value in overrides(name).items()
        if not is_valid(parameter, value)
    ]
    check(offenders, "Give parameters and values that template.yaml allows")


def is_valid(parameter: str, value: str) -> bool:
    definition = TEMPLATE["Parameters"].get(parameter)
    return definition is not None and (
        value in map(str, definition.get("AllowedValues", [value]))
        and bool(re.fullmatch(definition.get("AllowedPattern", ".*"), value))
    )


def test_every_environment_states_all_settings_and_its_tags() -> None:
    """Environments do not inherit. `sam deploy` keeps the last value of a parameter that is not given."""
    needed = DEPLOY["prod"].keys()

    offenders = [
        f"[{name}] {', '.join(sorted(needed - settings.keys()))}"
        for name, settings in DEPLOY.items()
        if needed - settings.keys()
    ]
    check(offenders, "Give these settings")
    assert {name: overrides(name)["LogEvents"] for name in DEPLOY} == dict.fromkeys(DEPLOY, "false")
    assert {settings["tags"].split()[1].removeprefix("stage=") for settings in DEPLOY.values()} == {
        *("sandbox", "dev", "staging", "prod")
    }


def test_only_a_developers_own_stack_is_deployed_without_waiting_for_it() -> None:
    assert [name for name, settings in DEPLOY.items() if settings.get("express")] == ["default"]
    assert [name for name, settings in DEPLOY.items() if settings["confirm_changeset"]] == ["prod"]


def test_settings_are_options_of_the_sam_cli() -> None:
    """The SAM CLI ignores a setting that it does not know."""
    from samcli.commands.deploy.command import cli  # type: ignore[import-untyped]

    known = {parameter.name for parameter in cli.params}
    check(
        (f"[{name}] {each}" for name, settings in DEPLOY.items() for each in settings.keys() - known),
        "Use the names of `sam deploy --help`, with underscores",
    )
