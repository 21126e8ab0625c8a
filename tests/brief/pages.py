"""A small strict reader of HTML for the tests: tags must balance; ids, links and resources are collected."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr"}
LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "cite", "manifest"}


class Page(HTMLParser):
    """Reads a page and remembers what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.text: list[str] = []
        self.by_id: dict[str, str] = {}
        self._inside: list[str | None] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"an attribute stands twice in <{tag}>"
        self._note(tag, found)
        if tag not in VOID:
            self.open.append(tag)
            self._inside.append(found.get("id"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing at {self.getpos()}"
        assert self.open[-1] == tag, f"</{tag}> where </{self.open[-1]}> was due at {self.getpos()}"
        self.open.pop()
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)
        for name in self._inside:
            if name:
                self.by_id[name] = self.by_id.get(name, "") + data

    def _note(self, tag: str, found: dict[str, str | None]) -> None:
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name, value in found.items():
            if name in LOADS or (tag == "link" and name == "href"):
                self.loads.append(str(value))
            if name in ("href", "xlink:href") and tag != "link":
                self.links.append(str(value))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of one kind."""
        return [found for name, found in self.tags if name == tag]
