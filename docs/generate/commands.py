"""Every command of `winset` with its arguments and options, from the objects that the command line runs on."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

import winset.cli
from generate.source import cell, code, table


def root() -> click.Group:
    """The command group that `winset` starts."""
    (group,) = {v for v in vars(winset.cli).values() if isinstance(v, click.Group) and v.name in ("cli", "winset")}
    return group


def walk(command: click.Command | None = None, path: str = "winset") -> Iterator[tuple[str, click.Command]]:
    """(path, command) of every command that does something, in the order of --help."""
    command = command or root()
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path)
    if path != "winset" and command.invoke_without_command:
        yield path, command
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None and not inner.hidden:
            yield from walk(inner, f"{path} {name}")


def options(command: click.Command, path: str) -> list[click.Option]:
    """Options that --help lists."""
    context = click.Context(command, info_name=path)
    return [p for p in command.get_params(context) if isinstance(p, click.Option) and not p.hidden]


def usage(path: str, command: click.Command) -> str:
    """The line that --help begins with."""
    context = click.Context(command, info_name=path)
    return " ".join([path, *command.collect_usage_pieces(context)])


def _default(option: click.Option, context: click.Context) -> str:
    shown = option.get_default(context)
    if option.is_flag or option.multiple or shown is None or callable(shown) or "Sentinel" in type(shown).__name__:
        return ""
    return code(str(shown))


def _values(option: click.Option, context: click.Context) -> str:
    if option.is_flag:
        return "flag"
    kind = option.type
    if isinstance(kind, click.Choice):
        return " or ".join(code(str(one)) for one in kind.choices)
    said = code(option.make_metavar(context).removesuffix(" RANGE"))
    if isinstance(kind, click.IntRange | click.FloatRange):
        said += " " + _range(kind)
    return said + (", more than once" if option.multiple else "")


def _range(kind: click.IntRange | click.FloatRange) -> str:
    low = "" if kind.min is None else f"{'above' if kind.min_open else 'from'} {kind.min:g}"
    high = "" if kind.max is None else f"{'below' if kind.max_open else 'to'} {kind.max:,}"
    return f"{low} {high}".strip()


def section(path: str, command: click.Command) -> str:
    """One command as a section."""
    context = click.Context(command, info_name=path)
    about = inspect.cleandoc(command.help or "").split("\f")[0]
    parts = [f"## {path}", about, f"```text\n{usage(path, command)}\n```"]
    rows = []
    for option in options(command, path):
        names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
        needed = " Required." if option.required else ""
        rows.append([names, _values(option, context), _default(option, context), cell(option.help or "") + needed])
    parts.append(table(["option", "value", "default", "what it does"], rows))
    return "\n\n".join(parts)


def text() -> str:
    """The whole page."""
    return "\n\n".join(section(path, command) for path, command in walk())
