"""Who speaks in questions and answers: "Q: ... A: ...", "Mr LUND (Minister for Trade): I met ...".

A label at the start of a paragraph names the speaker of it and of the paragraphs up to the next label. The person
interviewed is whom a question addresses by name, else the first person that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.schema import Person, Sentence
from winset.record.reading.understand_lines import Line

__all__ = ["Turns"]

_LABEL = re.compile(
    r"(?:(?P<q>Q|Question)|(?P<a>A|Answer)"
    r"|(?P<name>(?:The\s)?[A-Z][\w.'’-]*(?:\s(?:[A-Z][\w.'’-]*|of|the|for)){0,6}(?:\s?\([^()]{2,80}\))?))\s?:\s(?=\S)"
)
_NAMELESS = re.compile(r"(?:MODERATOR|INTERVIEWER|REPORTER|SPEAKER|CHAIR|The [A-Z][A-Z ]+)\b")
_CHARS = 160


class Turns:
    """The speaker of each line of one document, told line by line, in order."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        """`text`: with its line breaks, by which paragraphs are told."""
        self._text = text
        self._labels = {}
        for sentence in sentences:
            start = sentence.start
            if (
                text.find(":", start, start + _CHARS) > 0
                and self._opens(sentence)
                and (label := _LABEL.match(text, start, start + _CHARS))
            ):
                self._labels[sentence.i] = label
        self._last = max(self._labels, default=-1)
        self._speaker: Person | None = None
        self._asked: Person | None = None
        self._interviewed: Person | None = None
        self._first: Person | None = None
        self._asking = False

    def _opens(self, sentence: Sentence) -> bool:
        """Whether a sentence begins its line."""
        before = self._text[max(0, sentence.start - 1) : sentence.start]
        return before in ("", "\n", "\r", "\f")

    def tell(self, line: Line) -> None:
        """Sets `speaker` and `asked` of the line, where a turn says who speaks; lines come in order."""
        if line.people and self._first is None:
            self._first = line.people[0].person
        i = line.sentence.i
        label = self._labels.get(i)
        if label is not None:
            self._turn(line, label)
        elif i > self._last and self._opens(line.sentence):
            # The text goes on after the last turn.
            self._speaker = self._asked = None
        if line.said is None or line.said.person is None:
            if self._speaker is not None:
                line.speaker, line.speaker_code = self._speaker, self._speaker.party
            line.asked = self._asked

    def _turn(self, line: Line, label: re.Match[str]) -> None:
        self._asked = None
        if label["q"]:
            vocative = next((n for n in line.people if n.mention.first - label.end() <= 2), None)
            if vocative is not None and line.text.startswith(",", vocative.mention.end):
                self._interviewed = vocative.person
            self._asking = True
            self._speaker, self._asked = None, self._interviewed or self._first
        elif label["a"]:
            if self._asking:
                self._speaker = self._interviewed or self._first
        else:
            named = next((n.person for n in line.people if n.mention.end <= label.end()), None)
            if named is not None:
                self._speaker = named
            elif self._speaker is not None or _NAMELESS.match(label["name"]):
                self._speaker = None
