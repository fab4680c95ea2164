"""Commands for bash and zsh that make AWS the local stack, and show it in the prompt."""

import shlex
from collections.abc import Iterable, Mapping

MARK = "(local AWS) "


def export(variables: Mapping[str, str]) -> str:
    """Return commands that set variables, and mark the prompt if the shell has one."""
    commands = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join([*commands, f'[ -z "${{PS1-}}" ] || PS1="{MARK}${{PS1#"{MARK}"}}"'])


def unset(names: Iterable[str]) -> str:
    """Return commands that undo `export`."""
    return f'unset {" ".join(names)}\n[ -z "${{PS1-}}" ] || PS1="${{PS1#"{MARK}"}}"'
