"""The text layer of a PDF, taken out by a process of its own that can be stopped.

A PDF may hold streams that unpack to gigabytes, pages that point at each other and numbers without end. The parser
therefore runs apart, with bounds on time, memory, pages and text; what it does there cannot hurt this process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from winset.core.errors import UnreadableFileError

__all__ = ["SECONDS", "pdf_text"]

SECONDS = 60
"""Longest time that a document may take."""


def pdf_text(data: bytes, *, path: Path | str = "", seconds: float = SECONDS) -> str:
    """The text of every page, pages parted by form feeds. Refused where there is none."""
    command = [sys.executable, "-P", "-m", "winset.documents.pdf_worker"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(
            f"the PDF could not be read within {seconds:g} seconds",
            file=path,
            remedy="Give its text as a text file",
        ) from error
    except OSError as error:
        raise UnreadableFileError(f"the PDF reader did not start: {error}", file=path) from error
    try:
        answer = json.loads(done.stdout.decode("ascii"))
    except ValueError:
        answer = {"error": "its reader failed; it may be damaged or too large"}
    if "error" in answer:
        raise UnreadableFileError(
            f"the PDF cannot be read: {answer['error']}", file=path, remedy="Give its text as a text file"
        )
    text = str(answer["text"])
    if not any(character.isalnum() for character in text):
        raise UnreadableFileError(
            "the PDF has no text layer",
            file=path,
            why="Its pages are pictures",
            remedy="Run text recognition on it first",
        )
    return text
