"""The equations of the model, as the functions that compute them say them, and the symbols of their arguments."""

from __future__ import annotations

import re

from generate.notation import EQUATION, latex
from generate.source import cell, code, fields, first, link, module, table

HOMES = ("winset.model.equations", "winset.model.ossa_equations", "winset.model.liberation_day_equations")
NUMBERED = re.compile(r"^(\(\d\)(?: and \(\d\))?) (?P<what>.+)$", re.DOTALL)


def numbered() -> list[tuple[str, str, str, str]]:
    """(number, name of the function, equation, what it returns) of Caliendo and Parro's system, in order."""
    one = module(HOMES[0])
    found = []
    for name in one.functions:
        match = NUMBERED.match(one.docs[name])
        if match:
            sentence, _, returns = first(match["what"]).partition(". Returns ")
            found.append((match[1], name, sentence, returns.rstrip(".")))
    return found


def stated(sentence: str) -> tuple[str, str]:
    """(mathematics, words after it): the equation of a docstring's first sentence."""
    for words in (" under a closure", ", to equal "):
        head, found, tail = sentence.partition(words)
        if found:
            return (latex(head), words.strip()) if "closure" in words else (latex(f"{head} = {tail}"), "")
    head, colon, tail = sentence.partition(": ")
    return (rf"\text{{{head}}}:\quad {latex(tail)}", "") if colon else (latex(sentence), "")


def text() -> str:
    """The system, then the symbols of the three models."""
    parts = []
    for number, name, sentence, returns in numbered():
        mathematics, words = stated(sentence)
        note = f"{words}; `{name}`" if words else f"`{name}`"
        parts.append(f"**{number}** {note}" + (f", returns {returns}" if returns else "") + ":")
        parts.append(f"```{{math}}\n{mathematics}\n```")
    for home in HOMES:
        one = module(home)
        rows = [[code(f.name), cell(f.doc)] for f in fields(one.classes["Economy"]) if f.doc]
        parts.append(f"## Symbols of `{link(home)}`\n\n{first(one.doc)}\n\n{first(one.docs['Economy'])}")
        parts.append(table(["name", "what it is"], rows))
        blocks = re.findall(r"(?:^    .*\n?)+", one.doc, re.MULTILINE)
        for block in blocks:
            lines = [line.strip() for line in block.splitlines()]
            parts += [f"```{{math}}\n{_labelled(line)}\n```" for line in lines if EQUATION.search(line)]
    return "\n\n".join(parts)


def _labelled(line: str) -> str:
    """An equation with a name in brackets at its end."""
    found = re.match(r"(?P<what>.*\S)\s{3,}\((?P<label>[a-z ]+)\)$", line)
    if found:
        return rf"{latex(found['what'].rstrip(','))}\qquad \text{{({found['label']})}}"
    return latex(line.rstrip(","))
