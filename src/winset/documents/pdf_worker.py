"""Run apart by `winset.documents.pdf`: a PDF on standard input, its text as JSON on standard output."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings

__all__ = ["main"]

MAX_PAGES = 1_000
MAX_CHARS = 20_000_000
MAX_MEMORY = 2_000_000_000
MAX_SECONDS = 60


def _confine() -> None:
    """Bounds of memory and processor time, where the system has them."""
    try:
        import resource
    except ImportError:
        return
    for kind, bound in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS)):
        try:
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
        except (OSError, ValueError):
            continue


def _text(data: bytes) -> dict[str, str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "it is locked by a password"}
    pages, size = [], 0
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            return {"error": f"it has more than {MAX_PAGES:,} pages"}
        found = page.extract_text() or ""
        size += len(found)
        if size > MAX_CHARS:
            return {"error": f"it holds more than {MAX_CHARS:,} characters"}
        pages.append(found)
    return {"text": "\f".join(pages)}


def main() -> None:
    """Read, extract, answer; any failure is an answer too."""
    _confine()
    sys.setrecursionlimit(2_000)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    try:
        answer = _text(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"error": "it needs too much memory"}
    except RecursionError:
        answer = {"error": "it is nested too deep"}
    except Exception as error:
        answer = {"error": f"it is damaged ({type(error).__name__})"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
