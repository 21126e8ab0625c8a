"""A map of the code: every module by room, with its first sentence and its public names."""

from __future__ import annotations

from generate.source import code, first, link, module, modules


def rooms() -> dict[str, list[str]]:
    """Modules by room: the folder of src/winset that they lie in, or the top."""
    found: dict[str, list[str]] = {}
    for name in modules():
        parts = name.split(".")
        inside = len(parts) > 2 or module(name).path.name == "__init__.py"
        found.setdefault(parts[1] if inside and len(parts) > 1 else "", []).append(name)
    return found


def text() -> str:
    """A list for each room."""
    parts = []
    for room, names in rooms().items():
        title = f"winset.{room}" if room else "winset"
        head = module(f"winset.{room}") if room else module("winset")
        parts.append(f"## {title}\n\n{first(head.doc)}")
        lines = []
        for name in names:
            one = module(name)
            if one.path.name == "__init__.py" and not one.public:
                continue
            public = ", ".join(code(word) for word in one.public)
            lines.append(f"- `{link(name)}`: {first(one.doc)}" + (f"\n  Names: {public}." if public else ""))
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
