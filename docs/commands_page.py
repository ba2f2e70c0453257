"""The reference page of the commands, made from what the program says of itself."""

from collections.abc import Iterator
from enum import Enum
from inspect import cleandoc

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperOption

from api.cli.main import cli

LEAD = """\
`keypoint` is in `.venv/bin` of a clone once `make serve` or `make install` has set it up; after
`. .venv/bin/activate` it goes by its name alone. `keypoint COMMAND --help` says the same.
Options that are [settings](settings.md) have a variable of the environment, too; an option goes
before it. A command ends with 0 where all is well, with 1 where the content, the store or a setting
is wrong, and with 2 where it was typed wrongly.

Where no `--store` is given, the store is that of the content folder: `.keypoint/store.db` for
`content`. `revisions` and `rollback` take no folder: name another one by the variable
`KEYPOINT_CONTENT`, or give `--store`."""


def commands_page() -> str:
    """Return the page that lists every command with its arguments and options."""
    group = typer.main.get_group(cli)
    commands = (one for one in group.commands.values() if isinstance(one, TyperCommand))
    return "\n\n".join(["# Commands", LEAD, *map(_section, commands)]) + "\n"


def _section(command: TyperCommand) -> str:
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    options = [one for one in command.params if isinstance(one, TyperOption)]
    parts = [f"## {command.name}", _paragraphs(command.help)]
    parts.append(
        f"```text\nkeypoint {' '.join([command.name or '', *_usage(arguments, options)])}\n```"
    )
    rows = [(_argument(one), one.help) for one in arguments]
    rows += [(_option(one), f"{one.help or ''}{_default(one)}") for one in options]
    if rows:
        lines = [f"| `{_cell(name)}` | {_line(text)} |" for name, text in rows]
        parts.append("\n".join(["| Takes | What it is |", "|---|---|", *lines]))
    what, _, example = (command.epilog or "").partition(": ")
    return "\n\n".join([*parts, f"{what}: `{example}`"])


def _usage(arguments: list[TyperArgument], options: list[TyperOption]) -> Iterator[str]:
    yield from (_option(one) for one in options if one.required)
    if not all(one.required for one in options):
        yield "[OPTIONS]"
    for one in arguments:
        yield _argument(one) if one.required else f"[{_argument(one)}]"


def _argument(one: TyperArgument) -> str:
    return one.metavar or one.name.upper()


def _option(one: TyperOption) -> str:
    """Return an option with what it takes: its choices, or a word for it."""
    name = one.opts[0]
    if one.is_flag:
        return name
    if isinstance(one.default, Enum):
        return f"{name} {'|'.join(choice.value for choice in type(one.default))}"
    return f"{name} {one.metavar or name.rpartition('-')[2].upper()}"


def _default(one: TyperOption) -> str:
    return f" Default: {one.default.value}" if isinstance(one.default, Enum) else ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(map(_line, cleandoc(text or "").split("\n\n")))


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
