"""`winset review`: the queue of proposals and contradictions, one at a time or by options for scripts."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from winset.record.review import Entry, Review

__all__ = ["review"]

KEYS = {"a": "accept", "c": "correct", "r": "refuse", "s": "skip", "q": "quit"}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _warn(text: str) -> None:
    click.echo(f"winset: {text}", err=True)


@click.command()
@click.argument("case")
@click.option("--list", "listing", is_flag=True, help="Print the queue and stop.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the queue as JSON to FILE ('-': standard output)."
)
@click.option("--accept", metavar="ID", help="Accept one entry.")
@click.option("--refuse", metavar="ID", help="Refuse one entry; needs --why.")
@click.option("--correct", metavar="ID", help="Accept one entry with changes; needs --set.")
@click.option("--reopen", metavar="ID", help="Take a decision back.")
@click.option("--set", "changes", multiple=True, metavar="FIELD=VALUE", help="A change; may be repeated.")
@click.option("--by", metavar="NAME", help="Who decides (default: the user of this machine).")
@click.option("--why", default="", metavar="TEXT", help="The reason.")
def review(
    case: str,
    listing: bool,
    json_file: str | None,
    accept: str | None,
    refuse: str | None,
    correct: str | None,
    reopen: str | None,
    changes: tuple[str, ...],
    by: str | None,
    why: str,
) -> None:
    """Accept, correct or refuse what the documents of a case propose.

    Without options the queue is walked on the terminal. Every decision is on the disk before the next one is
    shown; quit or kill it at any time.
    """
    from winset.core.errors import RequestError
    from winset.core.files import write_text
    from winset.core.provenance import version
    from winset.package.folder import case_folder
    from winset.record.review import decide, open_review
    from winset.record.review_text import entry_line, queue_dict

    chosen = [
        (verdict, name)
        for verdict, name in (("accept", accept), ("refuse", refuse), ("correct", correct), ("reopen", reopen))
        if name
    ]
    if len(chosen) > 1:
        raise RequestError("one decision at a time", remedy="Give one of --accept, --refuse, --correct, --reopen")
    if changes and not correct:
        raise RequestError("--set belongs to --correct", remedy="Name the entry: --correct ID --set FIELD=VALUE")
    folder = Path(case_folder(case))
    queue = open_review(folder, warn=_warn)
    who = by if by is not None else _user()
    if chosen:
        verdict, name = chosen[0]
        line = decide(queue, name, verdict, by=who, why=why, changes=parse_changes(changes), warn=_warn)
        click.echo(f"{line.proposal}: {line.verdict} by {line.by}")
    if json_file is not None:
        queue = open_review(folder) if chosen else queue
        document: dict[str, Any] = {"schema": "winset/review/1", "winset": version(), **queue_dict(queue)}
        body = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        if json_file == "-":
            click.echo(body, nl=False)
        else:
            write_text(Path(json_file), body)
    elif listing:
        for entry in queue.entries:
            click.echo(entry_line(entry))
        click.echo(f"{len(queue.open)} open, {len(queue.entries) - len(queue.open)} decided")
    elif not chosen:
        walk(queue, who)


def parse_changes(changes: tuple[str, ...]) -> dict[str, str]:
    """`FIELD=VALUE` options as a dict; a field stands once."""
    from winset.core.errors import RequestError
    from winset.core.names import known
    from winset.record.proposals_claims import FIELDS

    found: dict[str, str] = {}
    for change in changes:
        name, mark, value = change.partition("=")
        if not mark:
            raise RequestError(f"--set {change!r} is not FIELD=VALUE", remedy="For example --set date=2025-07-31")
        name = known(name.strip(), FIELDS, "field")
        if name in found:
            raise RequestError(f"--set {name} stands twice")
        found[name] = value.strip()
    return found


def walk(queue: Review, who: str) -> None:
    """The queue on a terminal, one entry at a time."""
    from winset.core.errors import WinsetError
    from winset.record.review import decide
    from winset.record.review_text import entry_text

    waiting = queue.open
    if not waiting:
        click.echo("Nothing is open.")
        return
    who = who or click.prompt("Your name")
    for number, entry in enumerate(waiting, start=1):
        click.echo(f"\n[{number} of {len(waiting)}]")
        click.echo(entry_text(entry))
        while True:
            verdict = _asked(entry)
            if verdict == "quit":
                return
            if verdict == "skip":
                break
            why, changes = "", {}
            try:
                if verdict == "refuse":
                    why = click.prompt("Why")
                if verdict == "correct":
                    changes = _changes()
                decide(queue, entry.id, verdict, by=who, why=why, changes=changes, warn=_warn)
                break
            except WinsetError as error:
                click.echo(f"{error}", err=True)
    click.echo("\nThat was the last one.")


def _asked(entry: Entry) -> str:
    choices = "a c r s q" if entry.proposal is not None else "a r s q"
    shown = ", ".join(f"[{key}] {KEYS[key]}" for key in choices.split())
    while True:
        answer = click.prompt(shown, default="s", show_default=False).strip().casefold()[:1]
        if answer in choices.split():
            return KEYS[answer]


def _changes() -> dict[str, str]:
    from winset.record.proposals_claims import FIELDS

    click.echo("Fields: " + "; ".join(f"{name} ({what})" for name, what in FIELDS.items()))
    given: list[str] = []
    while change := click.prompt("FIELD=VALUE (empty: done)", default="", show_default=False):
        given.append(change)
    return parse_changes(tuple(given))
