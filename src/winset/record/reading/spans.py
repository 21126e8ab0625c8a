"""Places in the text that was read, carried back to places in the file where the two differ (HTML)."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from winset.documents.load import LoadedText
from winset.record.reading.schema import Span

__all__ = ["to_file"]

T = TypeVar("T")


def to_file(item: T, loaded: LoadedText) -> T:
    """`item` with every span in it, at any depth, pointing into the file.

    `text` becomes the slice of the file, markup and entities included; `plain` keeps what a reader sees, where
    that differs.
    """
    changes: dict[str, Any] = {}
    if isinstance(item, Span):
        start, end = loaded.in_file(item.start, item.end)
        raw = loaded.text[start:end]
        changes = {"start": start, "end": end, "text": raw}
        if raw != item.text:
            changes["plain"] = item.text
    for field in dataclasses.fields(item):  # type: ignore[arg-type]
        value = getattr(item, field.name)
        if isinstance(value, Span):
            changes[field.name] = to_file(value, loaded)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(to_file(one, loaded) for one in value)
    return dataclasses.replace(item, **changes) if changes else item  # type: ignore[type-var]
