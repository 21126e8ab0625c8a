"""A brief written: formats, languages, the pictures beside them, the findings file; all of it or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.brief.canvas import Picture
from winset.brief.content import BriefContent
from winset.brief.document import Document, Illustration
from winset.brief.versions import earlier_of, findings_document, parse_findings, since
from winset.brief.words import LANGUAGES, Words
from winset.briefing import brief_content
from winset.core.errors import NotConvergedError, RequestError, UnreadableFileError
from winset.core.files import read_text, write_bytes
from winset.core.names import known
from winset.package.translations import translations

if TYPE_CHECKING:
    from winset.negotiation import Negotiation
    from winset.workflow import OpenCase

__all__ = ["FORMATS", "case_words", "chosen", "light_bargain", "write_all", "write_brief"]

FORMATS = ("html", "docx", "pdf", "xlsx")
POINTS, SAMPLED = 12, 64
"""A lighter setting than that of `winset bargain`: points of the frontier, packages that measure the win-sets."""
PICTURE_DPI = 200
FINDINGS_BYTES = 100_000_000

Progress = Callable[[int, int], None]


def chosen(names: Sequence[str], choices: Sequence[str], what: str) -> list[str]:
    """Names that are all known, each once, in their order; UnknownNameError names the nearest."""
    found = list(dict.fromkeys(known(name.strip(), choices, what) for name in names))
    if not found:
        raise RequestError(f"no {what} is named", remedy=f"Choose from: {', '.join(choices)}")
    return found


def case_words(opened: OpenCase, language: str) -> Words:
    """The brief's words and the case's own translations in a language."""
    return Words(language, {} if language == "en" else translations(opened.case, language))


def light_bargain(opened: OpenCase, progress: Progress | None = None) -> tuple[Negotiation | None, str]:
    """The bargain of a brief; where a search of it did not converge, none and the reason, in English."""
    try:
        return opened.bargain(points=POINTS, sampled=SAMPLED, extras=False, progress=progress), ""
    except NotConvergedError as error:
        return None, Words()("The bargain could not be computed: {why}", why=error)


def write_brief(
    opened: OpenCase,
    folder: Path,
    formats: Sequence[str] = ("html",),
    languages: Sequence[str] = ("en",),
    *,
    since_file: Path | None = None,
    bargain: bool = True,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the brief of a case into a folder, and return the files in the order in which they are read.

    `<case>.<format>` in English, `<case>.<language>.<format>` in another language; `<case>.findings.json` with
    every finding; pictures in `figures/<case>/`. since_file: findings file of an earlier version to tell changes
    from; None: the one that lies in the folder, if any. bargain: whether win-sets and frontier are worked out.
    The same inputs give the same bytes. Nothing is left behind where something fails.
    """
    formats, languages = chosen(formats, FORMATS, "format"), chosen(languages, LANGUAGES, "language")
    said = {language: case_words(opened, language) for language in languages}
    name = opened.case.sheet.name
    target = folder / f"{name}.findings.json"
    found = _read(since_file or target, must=since_file is not None)
    steps = _Stages(progress, len(formats) * len(languages))

    opened.valuer(progress=steps.solving)
    negotiation, why = None, Words()("Left out of this brief on request.")
    settings: dict[str, Any] = {"bargain": bargain}
    if bargain:
        negotiation, why = light_bargain(opened, steps.bargaining)
        settings |= {"points": POINTS, "sampled": SAMPLED}
    content = brief_content(opened, bargain=negotiation, no_bargain=why)
    document = findings_document(content, settings, None)
    earlier = earlier_of(document, found)
    document["earlier"] = earlier
    files: dict[Path, bytes] = {}
    for language in languages:
        told = content
        if language != "en":
            reason = said[language].of_case(why)
            told = brief_content(opened, words=said[language], bargain=negotiation, no_bargain=reason)
        told = replace(told, since=since(told, earlier, settings))
        files |= _rendered(told, said[language], name, formats, steps.written)
    files[Path(target.name)] = _json(document)
    write_all(folder, files)
    steps.end()
    return [folder / path for path in files]


def _rendered(
    content: BriefContent, words: Words, name: str, formats: Sequence[str], written: Callable[[], None]
) -> dict[Path, bytes]:
    """Formats and pictures of one language, by path within the folder."""
    from winset.brief.outline import outline

    document = outline(content, words)
    ending = "" if words.language == "en" else f".{words.language}"
    files: dict[Path, bytes] = {}
    for one in formats:
        files[Path(f"{name}{ending}.{one}")] = _format(document, one, name, ending)
        written()
    for block in document.walk():
        if isinstance(block, Illustration):
            picture = block.picture
            for kind, body in _picture(picture).items():
                files[Path(_beside(name, ending)(picture, kind))] = body
    return files


def _beside(name: str, ending: str) -> Callable[[Picture, str], str]:
    return lambda picture, kind: f"figures/{name}/{picture.id}{ending}.{kind}"


def _picture(picture: Picture) -> dict[str, bytes]:
    from winset.brief.typeset import png

    svg = picture.svg_file()
    return {
        "svg": svg.encode("utf-8"),
        "png": png(svg, PICTURE_DPI),
        "csv": picture.csv_text().encode("utf-8"),
    }


def _format(document: Document, one: str, name: str, ending: str) -> bytes:
    if one == "html":
        from winset.brief.render import render_html

        return render_html(document, _beside(name, ending)).encode("utf-8")
    if one == "docx":
        from winset.brief.docx import write_docx

        return write_docx(document)
    if one == "pdf":
        from winset.brief.pdf import write_pdf

        return write_pdf(document)
    from winset.brief.xlsx import write_xlsx

    return write_xlsx(document)


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def _read(path: Path, *, must: bool) -> dict[str, Any] | None:
    """A findings file; one that only happens to lie there, and is not one, must not be overwritten unread."""
    if not must and not path.exists():
        return None
    return parse_findings(read_text(path, limit=FINDINGS_BYTES), str(path))


def write_all(folder: Path, files: dict[Path, bytes]) -> None:
    """Write several files into a folder: all of them, or none and the old ones stay.

    Everything is first written to a folder beside them, so a process that is killed while it writes leaves the old
    version whole. Then each replaces its old one, in one step each; one that fails puts back those before it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=".brief-"))
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write here: {error.strerror or error}", file=folder, remedy="Choose another folder with -o"
        ) from error
    done: list[tuple[Path, Path | None]] = []
    try:
        for path, body in files.items():
            write_bytes(stage / "new" / path, body)
        for path in files:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            old = None
            if target.exists():
                old = stage / "old" / path
                old.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(target, old)
            done.append((target, old))
            (stage / "new" / path).replace(target)
    except BaseException as error:
        for target, old in reversed(done):
            with suppress(OSError):
                if old is None:
                    target.unlink(missing_ok=True)
                else:
                    old.replace(target)
        if isinstance(error, OSError):
            raise UnreadableFileError(
                f"the brief could not be written: {error.strerror or error}; nothing was changed", file=folder
            ) from error
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


class _Stages:
    """One bar over all stages: solving, bargaining, writing. Never runs backwards."""

    SOLVING, BARGAINING, WRITING = 30, 40, 30

    def __init__(self, progress: Progress | None, files: int) -> None:
        self.progress, self.files, self.count, self.at = progress, files, 0, 0

    def _tell(self, done: float) -> None:
        total = self.SOLVING + self.BARGAINING + self.WRITING
        self.at = max(self.at, min(int(done), total))
        if self.progress:
            self.progress(self.at, total)

    def solving(self, done: int, total: int) -> None:
        """Equilibria solved of those asked for at once."""
        self._tell(min(self.SOLVING * done / max(total, 1), self.SOLVING))

    def bargaining(self, done: int, total: int) -> None:
        """Steps of the bargain."""
        self._tell(self.SOLVING + self.BARGAINING * done / max(total, 1))

    def written(self) -> None:
        """One more file."""
        self.count += 1
        share = self.count / (self.files + 1)
        self._tell(self.SOLVING + self.BARGAINING + self.WRITING * share)

    def end(self) -> None:
        """All is in place."""
        self._tell(self.SOLVING + self.BARGAINING + self.WRITING)
