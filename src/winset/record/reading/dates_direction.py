"""Whether an expression of time lies ahead or behind: from the words before it and the verbs around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from winset.record.reading.cues import Cues, alternatives
from winset.record.reading.wordlists import words

__all__ = ["EITHER", "direction"]

EITHER = 2
"""What `direction` says of the day of a plan that may have been overtaken: it lies ahead, or just behind."""

_BEFORE = re.compile(
    r"(?:(?P<future>\b(?:[Aa]head of|[Uu]ntil|till|[Bb]y|[Nn]o later than|[Ss]tarting|[Ss]tarting on"
    r"|[Bb]eginning|[Bb]eginning on"
    r"|effective|upcoming|from as early as|"
    r"(?:invited|asked(?: back)?|summoned|called|booked|billed|pencill?ed in|earmarked|reserved|convened|convoked"
    r"|tabled|promised|lined up)(?: (?:back|here|there|to [A-Z]\w+))? for|"
    r"(?:preparation|consideration|negotiation|offing|works|prospect|cards|diary|agenda) for|"
    r"set for|slated for|scheduled for|planned for|announced for|arranged for|foreseen for|booked for|due(?: on| "
    r"in)?|(?:planned|scheduled|expected|due|set) (?:on"
    r"|in|for|to \w+(?: on| in)?)|before|prior to|as early as|as soon as|"
    r"(?:delayed|postponed|pushed back|moved|shifted|put off|brought forward|rescheduled|extended) (?:to"
    r"|until|till|from)))"
    r"|(?P<past>\b(?:[Ss]ince|after|[Ff]ollowing|as of|dated|as recently as)))"
    r"\s+(?:the\s+|on\s+|around\s+|about\s+)*[\"“‘']?$"
)
"""Words that stand right before the expression and decide."""

_ORIGINALLY = re.compile(r"\b(?:originally|initially|previously|had been|was to)\b")
"""A plan that has been overtaken: the day may lie on either side."""
_IS_OFF = re.compile(
    r",?\s(?:is|are) (?:now )?off\b|,?\s(?:has|have) been (?:called off|cancell?ed|postponed|scrapped)\b"
)
"""After the day of a plan: what was called off was to come."""
_REPORTED = (
    "said|says|told|added|announced|stated|noted|reported|remarked|wrote|posted|confirmed|disclosed"
    "|revealed|commented"
)
_DONE = (
    r"was|were|had|has|have|been|did|didn[’']t|met|held|took|came|went|made|gave|got|began"
    r"|became|left"
    r"|saw|spoke|"
    r"led|won|lost|sent|kept|brought|built|bought|sold|fell|rose|grew|found|flew|drove|broke|chose|sought"
    r"|struck|ran|paid|"
    r"arose|awoke|bent|bore|bred|blew|caught|clung|crept|dealt|drank|dug|ate|fed|felt|fled|flung|forbade"
    r"|forgave|forgot"
    r"|fought|froze|heard|hid|hung|knew|knelt|lent|lit|meant|misled|mistook|outdid|overcame|oversaw|overtook"
    r"|overthrew"
    r"|rang|rebuilt|repaid|rode|sang|shone|shot|shrank|shrunk|sped|spent|slept|slid|sprang|stole|stuck|stung"
    r"|strode"
    r"|strove|swam|swept|swung|taught|thought|tore|trod|underwent|understood|undertook|upheld|woke|wore|wove"
    r"|withheld"
    r"|withstood|retook|resold|resent|redrew|"
    r"drew|threw|shook|sat|stood|sank|swore|withdrew|laid|put|hit|cut|ago|late last"
    r"|(?=[a-z]{4,}+(?<=ed)\b)(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\btheir )(?<!\bhis )"
    r"(?!(?:need|exceed|proceed|succeed|indeed|speed|feed|seed|hundred|embed|heed|agreed to|based"
    r"|related|fixed|bed|red)\b)"
    r"[a-z]+"
)
_PAST = Cues([("report", _REPORTED), ("other", _DONE)], flags=0, ending="ed")
_NO_NOUN = (
    r"(?<!\bthe\s)(?<!\ba\s)(?<!\ban\s)(?<!\bits\s)(?<!\btheir\s)(?<!\bhis\s)(?<!\bher\s)(?<!['’]s\s)(?<!s['’]\s)"
)
_PRESENT_VERBS = (
    r"meets?|visits?|travels?|holds?|begins?|starts?|opens?|arrives?|leaves?|departs?|returns?|hosts?"
    r"|attends?|takes? effect|kicks? off|resumes?|expires?|ends?|comes? into (?:force|effect)|goes? into effect"
    r"|falls? due|joins?|heads?(?=\s(?:to|for|back|home|off|out|into|up|down|there|here)\b)|flies|fly|lands"
    r"|(?:re)?convenes?|reconvenes?|appears?|addresses|lapses?|sits? down"
    r"|gets? (?:back )?together|gathers?|briefs|receives|welcomes|testifies|unveils|dines|awaits?|confers?"
    r"|follows? (?=in\b|on\b)"
    r"|takes? (?:up|place|the matter up)|goes? (?:on )?to|comes? to|sees"
)
"""Verbs that tell an appointment in the present, where no word before shows them to be nouns."""
_THEN = r"(?:\s+(?:not|also|likely|then|soon|probably|be|have|[a-z]+ly))*(?:\s+[a-z]+)?"
_TO_COME = (
    rf"(?:will|shall|would|could|may|might|must|should|can|won['’]t){_THEN}"
    r"|(?:is|are|was|were|be|been|being|remains?)\s+(?:[a-z]+ly\s+|also\s+|still\s+|now\s+)*(?:set|scheduled"
    r"|due|slated|expected|planned|poised|likely|going|supposed|about|tipped|on track|awaited|billed (?:for"
    r"|to)|pencill?ed in"
    r"|lined up|foreseen|booked|earmarked|mooted|timetabled|down for|invited to|summoned to"
    r"|called to)\b(?:\s+(?:to|for)\b)?"
    r"(?:\s+(?!the\b|a\b|an\b)[a-z]+)?(?:\s+[a-z]+ed\b)?"
    r"|(?:is|are|am)\s+(?:also\s+|now\s+)?[a-z]{3,}ing|is\s+(?:booked|bound|back|in\s+[A-Z])"
    r"|(?:plans?|planned|hopes?|intends?|aims?|wants?|vows?|vowed|pledged|promises?|promised|agreed|expects?"
    r"|expected|scheduled|set|slated|due|threatens?|threatened|prepar(?:es|ing|ed)|decided|proposed)\s+(?:to"
    r"|for)\b(?:\s+(?:be\s+)?[a-z]+)?"
    r"|(?:has|have)\s(?:a|an|another|one more|further)\s(?:[a-z]+\s){0,2}?(?:appointment|meeting|date|call"
    r"|hearing|slot"
    r"|window|session|audience|dinner|lunch|breakfast|flight|engagement|conversation|interview|vote|deadline)"
    r"|(?:I|We|we|They|they)\s(?:then\s|also\s|next\s|both\s|all\s)?(?:speak|talk|fly|go|see|sit|leave|travel"
    r"|sign|vote|decide"
    r"|return|call|announce|publish|present|launch)\b"
    r"|(?:is|are)\s(?:[a-z]+ly\s|also\s|then\s)?(?:received|welcomed|hosted|greeted|briefed|heard|published"
    r"|released"
    r"|unveiled|sworn in|inaugurated|launched|opened|debated|tabled|put to)\b"
    + "".join(rf"|{_NO_NOUN}(?:{verb})\b" for verb in alternatives(_PRESENT_VERBS))
    + r"|to\s+(?:be|go)\b(?:\s+[a-z]+(?:ed|en|wn|ld|de|ght|nt|et|ut|it|aid|un|ead)\b)?"
    r"|to\s+(?![a-z]*[^su]s\b|parliament\b|power\b|date\b|congress\b|office\b|about\b|around\b|the\b|a\b|an\b"
    r"|him\b|them\b|her\b|me\b|you\b|reporters\b|journalists\b|lawmakers\b|each\b|both\b|all\b|its\b|their\b"
    r"|his\b|her\b|this\b|that\b)[a-z]{3,}(?:\s+[a-z]+ed\b)?"
    r"|next\s(?:meeting|round|session|summit|call|step|stop|date|talks|hearing|visit|review|vote|deadline"
    r"|tranche|stage)\b"
    r"|upcoming|forthcoming|planned|deadline"
)
_SHORT = rf"(?:'ll|’ll){_THEN}|['’](?:m|re)\s+[a-z]{{3,}}ing"
_SHORTENED = ("'ll", "’ll", "'m", "’m", "'re", "’re")
"""The same after an apostrophe, where no word begins, and how it begins."""
_FUTURE_ANY = re.compile(rf"\b(?:{_TO_COME}|{_SHORT})")
_FUTURE_CUES = Cues([("ahead", _TO_COME)], flags=0, whole=False)


def _future(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every cue of what is to come, in order: where no word is shortened, only by words that begin one."""
    if any(text.find(short, start, end) >= 0 for short in _SHORTENED):
        return _FUTURE_ANY.finditer(text, start, end)
    return _FUTURE_CUES.finditer(text, start, end)


_NO_VERB = (
    "says|wants|insists|believes|thinks|claims|argues|warns|notes|shows|has|is|was|does|talks|sales|imports|exports|ties"
    "|moves|steps|shares|stocks|bonds|demands|duties|tariffs|officials|ministers|leaders|negotiators|envoys|farmers"
    "|exporters|importers|carmakers|markets|goods|products|parts|cars|firms|companies|banks|makers|prices|yields|rates"
    "|reports|remarks|proposals|efforts|plans|deals|relations|counts|accounts|puts|calls|as|its|his|this|less|across"
    "|versus|plus|minus|perhaps|always|towards"
)
"""Words in -s that follow a name and tell no appointment."""
_SUBJECT_VERB = re.compile(
    rf"\b(?:(?:[A-Z][\w’'-]*[a-zé]|[Ss]he|[Hh]e|[Ww]ho)\s(?:also\s|then\s|now\s)?(?!(?:{_NO_VERB})\b)[a-z]{{2,}}s"
    r"(?=\s(?:an?|the|his|her|its|to|into|off|out|home|back|up|[A-Z][a-z])\b)"
    rf"|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts)\s(?:[a-z]+\s)?[a-z]+[^s\s]\s(?:also\s|then\s)?(?!(?:{_NO_VERB})\b)"
    r"[a-z]{2,}s(?=\s(?:an?|the|his|her|its|evidence|questions|stock)\b|\son\s(?:Mon|Tues|Wednes|Thurs|Fri"
    r"|Satur|Sun)day))"
)
"""A verb in the present with its subject, which tells an appointment: "Escobar leads a team to Lima on Friday"."""
_GOVERNED = re.compile(
    r"\b(?:failed|refused|declined|able|used|went|came|met|gathered|travell?ed|flew|arrived|continued|managed"
    r"|tried|helped|rushed|returned)\b[^.;]{0,60}$"
)
"""Past verbs after which an infinitive tells what happened then, not what is to come."""

_PRESENT = re.compile(r"\b(?:is|are|am|be|being)\s(?:[a-z]+ly\s|also\s|now\s|then\s|not\s|still\s)?$")
"""Before a participle, which then tells no past: "is pegged"."""
_CALLED_OFF = re.compile(
    r",?\s(?:was|were|had been)\s(?:later\s|then\s|abruptly\s|quietly\s)?(?:called off|cancell?ed|dropped"
    r"|scrapped|shelved"
    r"|postponed|put off|struck|axed|abandoned|withdrawn|deferred|moved|pulled)\b"
)
"""After the day of a plan: it may lie on either side."""
_CAME_TO_NOTHING = re.compile(r",?\s(?:never|came and went|passed|did not|didn[’']t|fell through|slipped by)\b")
_HAS_PASSED = re.compile(
    r",?\s(?:has|have|had)\s(?:long\s|now\s|already\s|since\s)?(?:passed|expired|lapsed|come and gone|gone by)\b"
)
_WILL = re.compile(r"\b(?:will|shall)\b")
_FOR = re.compile(r"\bfor\s(?:the\s|this\s)?$")
_HAD_PLANNED = re.compile(r"\b(?:originally|initially|previously|had|was|were)\s(?:[a-z]+\s){1,4}$")
"""Before "for Friday": a plan that may have been overtaken."""
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_STOOD_UNTIL = re.compile(
    r"\b(?:stood|remained|stayed|lasted|was|were|had been|sat|served|ruled|governed|applied|prevailed)\b"
    r"(?:\s(?!\w+ed\b)[^\s,;]+){0,6}\s(?:until|till|up to)\s(?:last\s)?$"
)
"""What was so until a day is so no longer."""
_AFTER_NOUN = re.compile(
    r"\b(?:[Aa]fter|[Ff]ollowing|[Ss]ince)\s(?:an?|the|his|her|its|their|talks|meetings?"
    r"|[A-Z]\w+['’]s)\s[^,;:.]{2,90}?\s"
    r"(?:late\s|early\s)?(?:on\s)?$"
)
_AHEAD_NOUN = re.compile(
    r"\b(?:[Aa]head\sof|[Pp]ending|[Ii]n\stime\sfor|in\sthe\srun-up\sto|[Pp]rior\sto)\s(?:an?|the|his|her|its"
    r"|their|talks"
    r"|meetings?|[A-Z]\w+(?:['’]s)?)\b[^,;:.]{0,80}?\s(?:on\s)?$"
)
"""Before the expression, a thing that something else comes after, or before."""

_BARE_NOUN = re.compile(
    r"(?:\b(?:a|an)\s(?:[\w-]+\s){1,2}|\b(?:the|its|their|his|her|this|that|no"
    r"|any)\s(?:[\w-]+\s){0,1}[\w-]*[^s\s]\s)$"
)
_BARE = words("meet visit hold begin start open arrive leave return host attend join fly follow gather confer end")
"""Forms that are a verb after a plural and a noun after an adjective: "a provisional start"."""
_AHEAD_WORDS = ("head of ", "ending ", "n time for ", "run-up to ", "rior to ")
_BEFORE_GOING = re.compile(r"\b[Bb]efore\s[a-z]+ing\b[^,;:.]{0,60}?\s(?:on\s)?$")
"""Before the expression: what came after, perhaps not yet."""

_DID = re.compile(r"\b(?:did|didn[’']t)\s(?:(?:not|never|also|even|indeed)\s){0,2}$")
"""Before a bare verb, which then tells the past: "did not attend Monday's meeting"."""

_CLAUSE = re.compile(r"[;:—]|\s[-–]{1,2}\s|,\s(?:and|but|while|which|who|after|before|as)\s")
_STOP = re.compile(r"[;:—]")
"""What no tense reaches across where the other side has a verb of its own."""
_WINDOW = 220
"""Characters on either side of the expression that are looked at."""


def _last(text: str, start: int, end: int) -> tuple[int, int, bool, int] | None:
    """The nearest cue before `end`: direction, its end, whether it reports, its start."""
    best: tuple[int, int, bool, int] | None = None
    ahead_until = -1
    for cue in _future(text, start, end):
        infinitive = cue[0].startswith("to ")
        if cue[0].startswith("to have") and text[max(0, cue.start() - 5) : cue.start()] in (" was ", "were "):
            continue  # "was to have met" may have, or not
        if infinitive and _GOVERNED.search(text, start, cue.start()):
            continue
        if cue[0] in _BARE and _BARE_NOUN.search(text, max(start, cue.start() - 40), cue.start()):
            continue
        if _DID.search(text, max(start, cue.start() - 24), cue.start()):
            continue
        best = (1, cue.end(), False, cue.start())
        ahead_until = cue.end()
    # A participle inside the cue of what is to come tells nothing: "will be held".
    for cue in _PAST.finditer(text, max(start, ahead_until), end):
        if cue.lastgroup == "other" and _PRESENT.search(text, max(start, cue.start() - 24), cue.start()):
            continue
        best = (-1, cue.end(), cue.lastgroup == "report", cue.start())
    return best


_PLEDGED = re.compile(
    r"(?:planned|vowed|pledged|promised|agreed|threatened|prepared|decided|proposed|expected|offered) (?:to|for)\b"
)
"""What came after the day was the pledge: "on Monday both sides agreed to meet"."""
_CONJUNCTION = re.compile(
    r"\b(?:that|whether|if|because|as|while|but|and|though|although|when|where|who|which)\s|[;:—]|,\s|\s[-–]\s"
)


def _first(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The nearest cue after `start`: direction and its start."""
    ahead = next(_future(text, start, end), None)
    past = next(_PAST.finditer(text, start, end), None)
    if ahead and (not past or ahead.start() <= past.start()):
        return -1 if _PLEDGED.match(ahead[0]) else 1, ahead.start()
    return (-1, past.start()) if past else None


def direction(text: str, start: int, end: int, sentence: tuple[int, int], *, title: bool = False) -> int:
    """+1 where `text[start:end]` lies ahead, -1 behind, 0 where the sentence does not tell; `EITHER`.

    `sentence` is the span of its sentence. The nearest cue wins: a preposition right before, else the nearest
    verb before it in the clause, else the first one after.
    """
    left = max(sentence[0], start - _WINDOW)
    right = min(sentence[1], end + _WINDOW)
    near = _BEFORE.search(text, max(left, start - 48), start)
    if near and near["future"] and _IS_OFF.match(text, end, right):
        return 1
    if near and near["future"] and _STOOD_UNTIL.search(text, max(left, start - 70), start):
        return -1
    if _HAS_PASSED.match(text, end, right):
        return -1
    lead = text[max(left, start - 5) : start].lower()
    if near is None and lead == "from " and _WILL.search(text, end, right):
        return 1
    near_for = bool(
        near is None
        and lead.endswith(("for ", "the ", "this "))
        and _WEEKDAY.match(text, start)
        and _FOR.search(text, max(left, start - 10), start)
    )
    if (near_for or (near and near["future"])) and _CAME_TO_NOTHING.match(text, end, right):
        return -1
    if (near_for or (near and near["future"])) and _CALLED_OFF.match(text, end, right):
        return EITHER
    if near_for:
        return EITHER if _HAD_PLANNED.search(text, max(left, start - 40), start) else 1
    if (
        near
        and (near["future"] or "")[:2] in ("By", "Un")
        and (after := _first(text, end, right))
        and after[0] < 0
    ):
        return -1  # "By December the rate had reached ..."
    if near and near["future"] and _ORIGINALLY.search(text, max(left, near.start() - 24), near.end()):
        return EITHER
    if near:
        return 1 if near["future"] else -1
    before = _last(text, left, start)
    for told in _SUBJECT_VERB.finditer(text, before[1] if before else left, start):
        before = (1, told.end(), False, told.start())
    said = text[left:start]
    leads = (
        _AFTER_NOUN.search(text, left, start)
        if "fter " in said or "ollowing " in said or "ince " in said
        else None
    )
    if leads and (before is None or before[1] <= leads.start()) and (before is None or before[0] < 0):
        return -1
    if "efore " in said and _WEEKDAY.match(text, start) and _BEFORE_GOING.search(text, left, start):
        return EITHER
    leads = _AHEAD_NOUN.search(text, left, start) if any(word in said for word in _AHEAD_WORDS) else None
    if leads and (before is None or before[1] <= leads.start()):
        return 1
    after = _first(text, end, right)
    shown = _SUBJECT_VERB.search(text, end, after[1] if after else right)
    if shown is not None:
        after = (1, shown.start())
    if before is None:
        return after[0] if after else 0
    distance = text.count(" ", before[1], start)
    if (
        after is not None
        and distance > 1
        and text.count(" ", end, after[1]) <= 2
        and after[0] != before[0]
        and not text.startswith("to ", after[1])
        and _CONJUNCTION.search(text, before[1], start)
        and not _CLAUSE.search(text, end, after[1])
    ):
        # "shares fell on fears that talks on Friday will fail"
        return after[0]
    if after is not None and before[2] and distance > 3 and text.count(" ", end, after[1]) <= 3:
        # "He said the talks on Thursday will decide": the verb after belongs to the expression.
        return after[0]
    if after is not None and _STOP.search(text, before[1], start) and not _CLAUSE.search(text, end, after[1]):
        return after[0]
    if (
        after is not None
        and distance > 6
        and _CLAUSE.search(text, before[1], start)
        and not _CLAUSE.search(text, end, after[1])
    ):
        return after[0]
    return before[0]
