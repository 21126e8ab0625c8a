"""Whether an event lies ahead, took place, is under way, was called off or is denied: from the words around it."""

from __future__ import annotations

from winset.record.reading import events_words as w
from winset.record.reading.cues import rx
from winset.record.reading.events_types import Trigger
from winset.record.reading.wordlists import triggers

__all__ = ["status_of"]

# Words of which the sentence must hold one for the pattern to be tried.
_MOVED = triggers("postponed moved rescheduled delayed put brought pushed shifted")
_CALLED_OFF = triggers(
    "cancel cancels cancelled cancelling canceled canceling cancellation call calls called calling scraps "
    "scrapped dropped deferred axed binned aborted withdrawn struck scrubbed pulled meant supposed have "
    "scuppered abandons abandoned postpone postpones postponed postponing suspend suspends suspended put shelved "
    "delayed"
)
_OFF = triggers("off")
_NOT = triggers("not")
_COURSE, _COMING = triggers("during after following"), triggers("upcoming forthcoming")
_AHEAD = triggers("ahead before next planned scheduled")
_DENIES = triggers("denies denied denying rules ruled dismissed")
_NEGATES = triggers(
    "not never no none neither nobody denies denied deny denying refuse refuses refused refusing decline declines "
    "declined declining rules ruled ruling failed without skip skips skipped boycott boycotts boycotted unable t"
)


_VOIDS = triggers(
    "untrue false fiction invention invented nonsense fabricated made baseless unfounded groundless "
    "materialise materialize come "
    "happen take go occur came fell never"
)
_VOID = rx(
    r"\b(?P<untrue>(?:is|are|was|were)\s[“\"]?(?:pure\s)?(?:untrue|false|fiction|(?:an\s)?inventions?|"
    r"invented|nonsense|fabricated|made up|baseless|unfounded|groundless))"
    r"|\bdid(?: not|n[’']t) (?:materiali[sz]e|come about|come off|happen|take place|go ahead|occur)\b|"
    r"\bcame to nothing\b|\bfell through\b"
    r"|\bnever (?:took place|happened|came about|materiali[sz]ed|came off)\b"
    r"|\b(?:was|were) never (?:scheduled|planned|agreed|on the cards|in the diary)\b"
)


def status_of(
    text: str, said: frozenset[str], t: Trigger, begin: int, left: int, right: int, stop: int, *, denied: bool
) -> tuple[str | None, int | None]:
    """planned, occurred, ...; and where a new date stands if the event was moved.

    `text` is in small letters; `said`: the words of the sentence that some rule looks for (`told_by`).
    """
    before, after, rest = text[left : t.start], text[t.end : right], text[t.end : stop]
    near = before[-75:]
    tail = after[:150]
    predicate = None
    if t.how == "noun" and not said.isdisjoint(w.PREDICATE_WORDS):
        predicate = w.PREDICATE.search(after)
    head = after[: predicate.end()] if predicate is not None else ""
    moved = None if said.isdisjoint(_MOVED) else w.POSTPONED_TO.search(text, t.end, stop)
    if moved is not None and rx(
        r"\s*(?:\w+ )?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
        r"|spring|summer|autumn|fall|winter|early|mid|late|end|the end|"
        r"next|this)"
    ).match(text[moved.end() : stop]):
        return "planned", moved.end()
    if not said.isdisjoint(_CALLED_OFF):
        if rx(r"\b(?:was|were)\s(?:to have|supposed to have|meant to have)\s(?:\w+ )?$").search(near):
            return "cancelled", None
        if t.how == "noun" and rx(
            r"[^.;]{0,70}?\b(?:was|were|been|being)\s(?:\w+ly\s)?(?:dropped|deferred|axed|binned|aborted|"
            r"withdrawn|struck|scrubbed|pulled|called off)\b"
        ).match(rest):
            return "cancelled", None
        if w.CANCELLED.search(near[-60:]) or w.CANCELLED.search(after if t.how == "noun" else tail[:0]):
            return "cancelled", None
        if rx(
            r"\b(?:meeting|talks|visit|summit|call|trip)\b[^.;]{0,30}\b(?:was|were|has been|been)\s+(?:called "
            r"off|cancell?ed|scrapped|shelved)"
        ).search(rest):
            return "cancelled", None
    if (
        t.how == "noun"
        and not said.isdisjoint(_OFF)
        and rx(r"\b(?:is|are|was|were)\s+(?:now\s+)?off\b(?!\s+(?:to|the)\b)").search(rest)
    ):
        return "cancelled", None
    if denied or (
        t.how == "noun"
        and not said.isdisjoint(_NOT)
        and rx(r"\b(?:will|would|did) not (?:now |after all )?(?:take place|be held|go ahead|happen)\b").search(
            rest
        )
    ):
        return "negated", None
    if t.how == "noun" or t.how == "on-visit":
        void = _VOID.search(rest) if not said.isdisjoint(_VOIDS) else None
        if void is not None and void.start() < 130:
            billed = rx(r"\b(?:announced|planned|scheduled|pencill?ed|billed|due|set|foreseen|booked)\b").search(
                text, begin, t.end + void.start()
            )
            untrue = void["untrue"] is not None
            return ("negated" if untrue or billed is None else "cancelled"), None
    denial = negated = None
    if not said.isdisjoint(_DENIES):
        denial = rx(r"\b(?:denie[ds]|denying|rul(?:es|ed) out|dismissed reports)\b").search(text[begin : t.start])
    if not said.isdisjoint(_NEGATES):
        negated = w.NEGATED.search(near[-60:] if t.how != "noun" else near[-45:])
    if negated is None and t.how == "noun" and predicate is not None:
        negated = rx(r"\b(?:not|never)\b|n[’']t\b").search(head)
    if (negated is not None and negated.group().casefold() not in ("failed",)) or denial is not None:
        return "negated", None
    if (
        t.how == "noun"
        and rx(r"\b(?:after|following)\s$").search(text[max(begin, left - 12) : left]) is not None
        and rx(r"\b(?:will|would|plans?|due|is to|are to|expected|if|unless)\b").search(text[begin:left]) is None
    ):
        return "occurred", None
    if t.how == "noun":
        return _noun_status(near, text[t.start : t.end], head, tail, said), None
    verb = text[t.start : t.end].casefold()
    if w.ONGOING.search(before[-30:] + text[t.start : t.end]) or t.how == "on-visit":
        if rx(r"\b(?:was|were)\s+(?:\w+\s+)?$").search(before) or rx(r"\bwas on\b").search(before):
            return "occurred", None
        if t.how == "on-visit" and w.PLANNED.search(near[-40:]):
            return "planned", None
        return "ongoing", None
    if rx(r"(?:(?:is|are) (?:due|expected|awaited)|awaited)\b|(?:will|would|shall|ll) be\b").match(verb):
        return "planned", None
    past = rx(
        r"(?:bargained|haggled|negotiated|wrangled|wrapped|thrashed|hammered|ironed|hashed|took|tackled|spent|"
        r"got|crossed|jetted|dashed|dropped|swung|sent|led|dispatched|back from|home from|just|met|signed|"
        r"signing|countersigned|initial|inked|briefed|greeted|entertained|put|rang|rung|spoke|speaking|talking|was|were|been|came|reconvened|regrouped|had|dined|shook|shared|saw|seen|called|sat|spoke|spoken|talked|telephoned"
        r"|phoned|visited|arrived|went|left|departed|landed|touched|"
        r"hosted|welcomed|received|joined|gathered|convened|traveled|travelled|flew|flown|headed|returned"
        r"|visiting|meeting|"
        r"set out)\b"
    ).match(verb)
    ahead = rx(
        r"\b(?:will|would|shall|should|set|scheduled|slated|due|plans?|planned|is|are|to|agreed|going|hopes?|expects?|"
        r"intends?)\b[^.;,]{0,25}$"
    ).search(near)
    if rx(r"\b(?:will|would|to|should)\s+(?:then\s+|only\s+)?be\s+$").search(near):
        return "planned", None
    if rx(r"\bto\s+(?:\w+ly\s+)?$").search(near) or (past is None and ahead is not None):
        lead = near[-45:]
        if w.TENTATIVE.search(lead):
            return "expected", None
        return "planned", None
    if past is not None:
        if rx(r"\b(?:due|scheduled|expected|set) to (?:have )?$").search(near):
            return "planned", None
        return "occurred", None
    if w.TENTATIVE.search(near[-30:]):
        return "expected", None
    # The plain present: a headline tells the past ("meets with"), a timetable the future ("travels on 9 May").
    if verb.split()[0] in (
        "meets",
        "meet",
        "hosts",
        "host",
        "welcomes",
        "visits",
        "visit",
        "sit",
        "sits",
    ) and rx(r"\b(?:when|before|until|once)\s[^.;]{0,60}$").search(text[begin : t.start]):
        return "planned", None
    if rx(r"(?:is|are) (?:due|expected|awaited)\b").match(verb) or (
        verb in ("meet", "sit down") and rx(r"\bon\s").search(tail[:40])
    ):
        return "planned", None
    if verb.startswith(
        (
            "sends",
            "dispatch",
            "leads",
            "send ",
            "lead ",
            "drops",
            "lands",
            "swings",
            "jets",
            "travels",
            "flies",
            "heads",
            "leaves",
            "departs",
            "goes",
        )
    ):
        return "planned", None
    return "occurred", None


def _noun_status(near: str, noun: str, head: str, tail: str, said: frozenset[str]) -> str:
    """The status of "talks", "a summit" from the verb before it, the verb after it, and its adjectives."""
    held = w.HELD_BEFORE.search(near)
    course = None
    if not said.isdisjoint(_COURSE):
        course = rx(r"\b(?:during|after|following)\s+(?:[\w'’“”\"-]+\s+){0,6}$").search(near)
    if course is not None and not rx(r"\b(?:will|would|plans?|set to|due to|is to|are to|expected)\b").search(
        near[: course.start()]
    ):
        return "occurred"
    if head:
        if rx(
            r"\b(?:broke|collapsed|failed|took place|ended|concluded|wrapped up|lasted|began|opened|"
            r"started|resumed|followed)\b"
        ).search(head) and not rx(r"\bto\b|\bwill\b").search(head[-25:]):
            return "occurred"
        if w.ONGOING.search(head) or rx(r"\bunder ?way\b").search(head):
            return "ongoing"
        if w.TENTATIVE.search(head[-60:]):
            return "expected"
        if rx(r"\b(?:was|were) (?:held|arranged)\b|\b(?:has|have) been held\b").search(head):
            return "planned" if "arranged" in head else "occurred"
        if w.PLANNED.search(head[-60:]) or rx(r"\b(?:set|arranged|rescheduled|expected)\b").search(head):
            return "planned"
    lead = near[-60:]
    if held is not None:
        verb = held.group("verb").casefold()
        lead = near[max(0, held.start() - 45) : held.start("np")]
        if rx(r"\b(?:is|are)\s+(?:\w+\s+)?(?:holding|hosting|attending|making|leading)\s*$").search(lead):
            return "ongoing"
        if rx(r"\b(?:will|would|to|set|due|scheduled|agreed|plans?)\b[^.;,]{0,30}$").search(lead) and verb not in (
            "held",
            "had",
            "began",
            "resumed",
            "attended",
            "paid",
            "made",
        ):
            return "expected" if w.TENTATIVE.search(lead[-50:]) else "planned"
        if verb in (
            "held",
            "had",
            "began",
            "started",
            "resumed",
            "resume",
            "opened",
            "concluded",
            "wrapped up",
            "convened",
            "hosted",
            "attended",
            "joined",
            "paid",
            "made",
            "completed",
            "finished",
            "launched",
            "kicked off",
            "led",
        ):
            return "occurred"
    if not said.isdisjoint(_COMING) and rx(r"\b(?:upcoming|forthcoming)\b").search(near[-50:]):
        return "expected" if noun.casefold().endswith("s") and noun.casefold() != "talks" else "planned"
    if not said.isdisjoint(_AHEAD) and rx(r"\b(?:ahead of|before|next|planned|scheduled)\b[^.;,]{0,40}$").search(
        near
    ):
        return "planned"
    if rx(r"\s+(?:set|scheduled|slated|planned|due)\b").match(tail):
        return "planned"
    if rx(r"\b(?:will|would|to|set|due)\b[^.;,]{0,30}$").search(near[-50:]):
        return "planned"
    if rx(r"\b(?:may|might|could|expected|likely)\b[^.;]{0,40}$").search(near[-60:]):
        return "expected"
    return "occurred"
