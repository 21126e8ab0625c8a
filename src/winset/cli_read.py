"""The command `winset read`: documents to proposed claims."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

__all__ = ["read"]


class Published(click.ParamType[Any]):
    """A day, an instant, or two days parted by a slash, either of which may be left open."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day, the instant, or the pair."""
        if not isinstance(value, str):
            return value
        try:
            if "/" in value:
                low, high = (
                    dt.date.fromisoformat(part) if part.strip(". ") else None for part in value.split("/")
                )
                if low and high and low > high:
                    self.fail(f"{value!r}: the first day lies after the last", param, ctx)
                return low, high
            return dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is not a date; write 2025-05-09, 2025-05-09T21:00+09:00 or 2025-05-01/2025-05-09",
                param,
                ctx,
            )


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE ... | CASE")
@click.option(
    "--published", type=Published(), metavar="DATE",
    help="When the documents appeared, if they do not say: a day, an instant, or EARLIEST/LATEST.",
)  # fmt: skip
@click.option(
    "--assistant", metavar="URL",
    help="Let an OpenAI-compatible server propose further items; the text is sent to it. Off unless given.",
)  # fmt: skip
@click.option("--model", metavar="NAME", help="The model that the server should use.")
@click.option("--key-variable", metavar="VARIABLE", default="", help="Environment variable that holds its key.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
)
def read(
    files: tuple[str, ...], published: Any, assistant: str | None, model: str | None, key_variable: str,
    json_file: str | None,
) -> None:  # fmt: skip
    """Read documents (text, HTML, PDF): figures, dates, events and who said what, each with its quote.

    Of a CASE, all of its documents folder is read, compared and put into proposals.jsonl for `winset review`.
    Nothing is taken into a record; what is read is proposed.
    """
    from winset.core.errors import RequestError, WinsetError
    from winset.package.folder import case_folder
    from winset.record.reading.read import read_document

    second, refused = _second_reader(assistant, model, key_variable)
    if len(files) == 1 and not Path(files[0]).is_file() and _is_case(files[0]):
        if published is not None:
            raise RequestError(
                "--published is for single documents", remedy="In a case, name the day in documents/documents.yaml"
            )
        _read_case(files[0], second, json_file)
        _tell(refused)
        return
    if len(files) == 1 and _misspelt(files[0]):
        case_folder(files[0])  # says that there is no such case, and which is meant
    failures: list[WinsetError] = []

    def documents() -> Iterator[Any]:
        bar = (
            click.progressbar(files, label="Reading", file=sys.stderr)
            if len(files) > 1 and sys.stderr.isatty()
            else None
        )
        for name in bar if bar is not None else files:
            try:
                found = read_document(Path(name), published=published, today=dt.date.today())
                yield found if second is None else second(found)
            except WinsetError as error:
                # One bad file does not cost the others; all that failed are named at the end.
                failures.append(error if error.file else RequestError(f"{name}: {error}"))

    if json_file is None:
        from winset.record.reading.listing import document_text

        for i, document in enumerate(documents()):
            click.echo(("\n\n" if i else "") + document_text(document))
    elif json_file == "-":
        for piece in _json_pieces(documents(), published):
            click.echo(piece, nl=False)
    else:
        _write_pieces(
            Path(json_file), _json_pieces(documents(), published), failed=lambda: len(failures) == len(files)
        )
    _tell(refused)
    if failures:
        for failure in failures[:-1]:
            click.echo(f"winset: {failure}", err=True)
        raise failures[-1]


def _is_case(name: str) -> bool:
    from winset.package.folder import shipped_cases

    return Path(name).is_dir() or name in shipped_cases()


def _misspelt(name: str) -> bool:
    """Whether what is no file is nearly the name of a shipped case."""
    from winset.core.names import nearest
    from winset.package.folder import shipped_cases

    return not Path(name).suffix and not Path(name).exists() and nearest(name, shipped_cases()) is not None


def _read_case(name: str, second: Callable[[Any], Any] | None, json_file: str | None) -> None:
    from winset.core.errors import RequestError
    from winset.package.folder import case_folder, shipped_cases
    from winset.record.proposals import read_case

    shipped = name in shipped_cases() and not Path(name).is_dir()
    found = read_case(case_folder(name) if shipped else Path(name), write=not shipped, second_reader=second)
    if json_file == "-":
        for piece in _json_pieces(found.documents):
            click.echo(piece, nl=False)
    elif json_file is not None:
        _write_pieces(Path(json_file), _json_pieces(found.documents), failed=lambda: False)
    if json_file != "-":
        click.echo(
            f"{len(found.documents)} documents read: {len(found.proposals)} proposals, {len(found.links)} links, "
            f"{len(found.conflicts)} contradictions"
        )
        if found.path is not None:
            click.echo(f"Wrote {found.path}; go through it with: winset review {name}")
        elif shipped:
            click.echo("A shipped case is not changed; copy its folder to read documents of your own into it.")
    for problem in found.problems:
        click.echo(f"winset: {problem}", err=True)
    if found.problems:
        raise RequestError(
            f"{len(found.problems)} of the documents could not be read", remedy="See the lines above"
        )


def _second_reader(
    url: str | None, model: str | None, key_variable: str
) -> tuple[Callable[[Any], Any] | None, list[Any]]:
    """The assistant that was asked for, and what it proposed that was refused; nothing is contacted without it."""
    from winset.core.errors import RequestError

    if url is None:
        if model or key_variable:
            raise RequestError("--model and --key-variable belong to --assistant URL")
        return None, []
    import platformdirs

    from winset.record.assistant import added, assist, endpoint_from

    endpoint = endpoint_from(url, model or "", key_variable=key_variable)
    cache = platformdirs.user_cache_path("winset") / "assistant"
    told: list[Any] = []

    def second(document: Any) -> Any:
        found = assist(document, endpoint, cache=cache)
        told.append(found)
        return added(document, found)

    return second, told


def _tell(assisted: list[Any]) -> None:
    if assisted:
        from winset.record.assistant import rejected_text

        click.echo(rejected_text(assisted), err=True)


def _json_pieces(documents: Iterable[Any], published: Any = None) -> Iterator[str]:
    """A JSON list, one document at a time, so that memory does not grow with the number of files."""
    import json

    from winset.core.provenance import manifest, stamped
    from winset.record.reading.schema import as_json

    ends = published if isinstance(published, tuple) else (published,) if published is not None else ()
    given = "/".join(one.isoformat() if one else "" for one in ends) or None
    yield "["
    for i, document in enumerate(documents):
        found = as_json(document)
        run = manifest(inputs={}, hashes={"document": document.sha256}, settings={"published": given})
        whole = {**found, "manifest": stamped(run, "read", {"published": given})}
        body = json.dumps(whole, ensure_ascii=False, allow_nan=False)
        # Half of a surrogate pair cannot be written as UTF-8; JSON has an escape for it.
        yield (",\n" if i else "\n") + body.encode("utf-8", "backslashreplace").decode("utf-8")
    yield "\n]\n"


def _write_pieces(path: Path, pieces: Iterable[str], *, failed: Callable[[], bool]) -> None:
    """Write all or nothing: beside the target first, then a rename. Nothing is written where every file failed."""
    from winset.core.errors import UnreadableFileError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8", newline="\n") as stream:
                for piece in pieces:
                    stream.write(piece)
            if not failed():
                part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UnreadableFileError(f"cannot write here: {error.strerror or error}", file=path) from error
