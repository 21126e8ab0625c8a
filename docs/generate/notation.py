"""Equations as the source writes them, in plain characters, turned into mathematics for the site.

    P^_js = [ sum_i pi_ijs (c^_is b_ijs)^(-theta_s) ]^(-1/theta_s)

A caret that nothing follows is a hat, an apostrophe a counterfactual; in code they are `_hat` and `_cf`. The
source stays the only place where an equation is written; `latex` reads it, `mathml` sets it.
"""

from __future__ import annotations

import re

from latex2mathml.converter import convert

LETTERS = "alpha|beta|gamma|delta|eps|theta|kappa|lambda|mu|nu|pi|rho|sigma|tau|phi|psi|chi|eta|omega"
GREEK = frozenset(LETTERS.split("|"))
WORDS = frozenset({"ln", "log", "sum", "prod", "exp", "max", "min"})
INDICES = frozenset("ijksodnmg")
SIGNS = {"!=": r"\neq ", "<=": r"\le ", ">=": r"\ge ", "*": r"\, ", "%": r"\%", "{": r"\{", "}": r"\}"}

TOKEN = re.compile(
    r"(?P<atom>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*?"
    r"(?P<mark>\*(?=_))?(?P<prime>')?(?P<hat>\^(?=_[A-Za-z{]|\^|[\s)\],/]|$))?"
    r"(?P<sub>_\{[^}]*\}|_[A-Za-z0-9]+(?:_[A-Za-z]+)*)?(?P<late>')?)(?![A-Za-z0-9])"
    r"|(?P<power>\^)|(?P<number>\d+(?:\.\d+)?)|(?P<space>\s+)|(?P<sign>!=|<=|>=|.)"
)
EQUATION = re.compile(r"[^=!<>]=[^=]|(?:^|\s)(?:ln|sum|prod)[_ ]")
SYMBOL = re.compile(rf"(?:[A-Za-z]{{1,2}}|{LETTERS})['^]?_[ijksod]{{1,3}}|{LETTERS}|[A-Za-z]")
CODE_COLUMN = "code"
"""How the head ends of a column of names that are to stay code."""


def _name(word: str) -> str:
    if word in GREEK:
        return rf"\{'varepsilon' if word == 'eps' else word}"
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def _subscript(text: str) -> str:
    if text.startswith("{"):
        return latex(text[1:-1])
    return ", ".join(
        part if part not in GREEK and set(part) <= INDICES else _name(part) for part in text.split("_")
    )


def _atom(found: re.Match[str]) -> str:
    text = found["atom"]
    hat, prime = bool(found["hat"]), bool(found["prime"] or found["late"])
    bare = re.split(r"[_^'*]", text)[0]
    sub = (found["sub"] or "")[1:]
    if not sub.startswith("{"):
        # A name of the code: words first, then what is done to it, then its indices.
        parts = [p for p in re.sub(r"[\^'*]", "", text).split("_") if p]
        tail: list[str] = []
        while len(parts) > 1 and (set(parts[-1]) <= INDICES or len(parts[-1]) == 1):
            tail.insert(0, parts.pop())
        hat, prime = hat or "hat" in parts[1:], prime or "cf" in parts[1:]
        words = [p for p in parts[1:] if p not in ("hat", "cf")]
        sub = "_".join([*words, *tail]) if len(bare) == 1 or bare in GREEK else "_".join(tail)
        if len(bare) > 1 and bare not in GREEK and words:
            bare = r"\ ".join([bare, *words])
    if bare in WORDS:
        head = rf"\{bare}"
    else:
        head = rf"\mathrm{{{bare}}}" if "\\" in bare else _name(bare)
        head = rf"\hat{{{head}}}" if hat else head
        head += "^{*}" if found["mark"] else ""
        head += "'" if prime else ""
    return head + (f"_{{{_subscript(sub)}}}" if sub else "") + (" " if bare in WORDS else "")


def _group(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes, plus one."""
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    raise ValueError(f"a bracket is never closed: {text}")


def latex(text: str) -> str:
    """LaTeX of one equation or symbol. Raises ValueError where a bracket is never closed."""
    made: list[str] = []
    position = 0
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"cannot be read at {text[position:]!r}")
        end = found.end()
        if found["power"]:
            if text[end : end + 1] == "(":
                close = _group(text, end)
                made.append(f"^{{{latex(text[end + 1 : close - 1])}}}")
                end = close
            else:
                inner = TOKEN.match(text, end)
                if inner is None:
                    raise ValueError(f"a power of nothing: {text}")
                made.append(f"^{{{latex(inner[0])}}}")
                end = inner.end()
        elif found["atom"]:
            made.append(_atom(found))
        elif found["space"]:
            made.append(r"\qquad " if len(found["space"]) > 3 else r"\, ")
        elif found["number"]:
            made.append(found["number"])
        else:
            made.append(SIGNS.get(found["sign"], found["sign"]))
        position = end
    whole = re.sub(r"(?:\\q?quad |\\, )+(?==)|\\, (?=[+-])|(?<=[=+-])\\, ", " ", "".join(made))
    return whole.replace("'^{", "'{}^{").strip()


def mathml(source: str, *, display: bool) -> str:
    """MathML of LaTeX, which every current browser sets without a script."""
    return convert(source, display="block" if display else "inline")


def typeset(page: str) -> str:
    """A page of Markdown with its indented equations, and the symbols in its text, as mathematics."""
    lines, made, fenced, position, kept = page.splitlines(), [], False, 0, -1
    while position < len(lines):
        line = lines[position]
        if line.lstrip().startswith("```"):
            fenced = not fenced
        block: list[str] = []
        blank = not made or not made[-1].strip()
        while not fenced and blank and position < len(lines) and lines[position].startswith("    "):
            block.append(lines[position].strip())
            position += 1
        if not block:
            if not line.startswith("|"):
                kept = -1
            elif not made or not made[-1].startswith("|"):
                heads = [one.strip() for one in line.split("|")]
                kept = next((k for k, head in enumerate(heads) if head.endswith(CODE_COLUMN)), -1)
            made.append(line if fenced or line.startswith("#") else _symbols(line, kept))
            position += 1
        elif all(EQUATION.search(one) for one in block):
            for one in block:
                made += ["```{math}", latex(one), "```", ""]
        else:
            made += [f"    {one}" for one in block]
    return "\n".join(made) + "\n"


def _symbols(line: str, kept: int) -> str:
    """A line with its symbols as mathematics; in a table the column `kept` is left alone."""

    def said(text: str) -> str:
        return re.sub(r"`([^`]+)`", lambda m: f"${latex(m[1])}$" if SYMBOL.fullmatch(m[1]) else m[0], text)

    if kept < 0:
        return said(line)
    return "|".join(cell if k == kept else said(cell) for k, cell in enumerate(line.split("|")))
