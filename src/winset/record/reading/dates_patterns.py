"""Patterns of expressions of time: one for each form, matched only where an expression begins."""

from __future__ import annotations

import re

from winset.record.reading.dates_words import COUNT, MONTH, TIME, WEEKDAY, ZONE

__all__ = ["ANCHOR"]  # and the rest, used through the module

YEAR = r"(?:19|20)\d\d"
D = r"(?:0?[1-9]|[12]\d|3[01])"
ORD = rf"{D}(?:st|nd|rd|th)?"
NOT_AMOUNT = (
    r"(?![\d%]|[.,]\d|\s?(?:%|percent|per cent|pct|billion|million|trillion|thousand|tons?|tonnes"
    r"|bn\b|won\b|yen\b|dollars))"
)
UNIT = r"(?:days?|weeks?|fortnights?|months?|years?)"

MDY = re.compile(
    rf"(?P<m>{MONTH})\s?(?P<d>{ORD}){NOT_AMOUNT}(?!\s{YEAR}\sto)(?:\s?[-–]\s?(?P<u>{ORD})(?![\w]|\s?%)|\s"
    rf"(?:to|through)\s(?P<v>{ORD})(?!\w){NOT_AMOUNT}|\sand\s(?P<a>{ORD})(?![\w]"
    rf"|[.,]\d){NOT_AMOUNT}(?!\s[a-z]+s\b))?"
    rf"(?:(?:,\s?|\s|\s?,\s)(?P<y>{YEAR})\b{NOT_AMOUNT})?(?![:.]\d)"
)
DMY = re.compile(
    rf"(?P<d>{ORD})(?:(?:\s?[-–]\s?|\sto\s|\sand\s)(?P<u>{ORD}))?(?:\s(?:of\s)?|-|\.\s?)(?P<m>{MONTH})(?:"
    rf"(?:,?\s|-)(?P<y>{YEAR})\b{NOT_AMOUNT})?"
)
ISO = re.compile(
    rf"(?P<y>{YEAR})-(?P<m>0[1-9]|1[0-2])-(?P<d>{D})(?:T(?P<t>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z"
    rf"|[+-]\d\d:?\d\d)?)?(?![\w-])"
)
SLASH = re.compile(rf"(?P<a>\d{{1,2}})(?P<s>[/.])(?P<b>\d{{1,2}})(?P=s)(?P<y>{YEAR})(?![\w/])")
MONTH_YEAR = re.compile(rf"(?P<m>{MONTH})(?:,?\s(?:of\s)?(?P<y>{YEAR})\b{NOT_AMOUNT})?")
WEEKDAY_RULE = re.compile(rf"(?P<w>{WEEKDAY})(?!-)(?:\s(?P<p>morning|afternoon|evening|night))?")
TO_DATE = re.compile(r",?\s\(?(?:the\s)?")
"""Between a weekday and its date."""
DAYS_OF_MONTH = re.compile(
    rf"\s(?P<d>{ORD})(?:\s(?:and|to|until|till|through)\s|\s?[-–]\s?)(?:{WEEKDAY},?\s)?(?={ORD}\s(?:of\s)?{MONTH})"
)
"""After a weekday: "Monday 13 and Wednesday 15 April"."""
LAST_OF = re.compile(r"\s(?:of|before|in which|that|when|for which)\b")
"""After "the last month": the last of something."""
RATE_BEFORE = re.compile(
    r"(?:%|percent|per cent|\d|\b(?:million|billion|trillion|times|points?|once|twice|more|months?|years?))\s$"
)
"""Before "in a year": so much in that time, no date."""
OF_WEEK = re.compile(r",?\s(?:of\s)?(?:(?P<r>last|next|this)\sweek\b(?!end|-)|week\b(?!['’]|-|end))")
"""After a weekday: "Thursday last week", "Friday week"."""
OF_YEAR = re.compile(r",?\s(?:of\s)?(?P<r>last|next|this)\syear\b(?!['’-])")
"""After a day or month: "March last year"."""
APPOSED = re.compile(r",\s\(?|\s\(")
APPOSED_END = re.compile(r"\)|[,.;:]|\s*$|\s[–—]")
TAIL = re.compile(rf"(?:,?\s(?:at\s)?(?P<t>{TIME}))?(?:\s?(?P<z>{ZONE}))?")
TIME_FIRST = re.compile(
    rf"(?P<t>{TIME})(?:\s?(?P<z>{ZONE}))?,?\s(?:on\s)?(?={WEEKDAY}|{MONTH}|{D}\s{MONTH}|today|tomorrow"
    rf"|yesterday|the same day)"
)
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s?([ap])?")
AFTER_DIGITS = (
    r"(?:[-–/.:Qq]|st|nd|rd|th|\s?[ap]\.?m|\s+(?:[JFMASOND]|GMT|UTC|hours|(?i:days?|weeks?|months?|years?|business"
    r"|working|calendar|more|of|to|and)\b))"
)
DATED = re.compile(rf"(?:19|20)\d\d|\d++{AFTER_DIGITS}")
"""What every expression that begins with a digit begins with; most numbers of a text do not."""
YEAR_ALONE = re.compile(
    rf"(?P<y>{YEAR})(?:[-–/](?P<u>{YEAR}|\d\d)(?!\d))?(?![\w%]|/\d)(?!-(?!\d))(?![.,]\d)(?!\s?(?:{MONTH}|%|percent"
    rf"|points?\b(?!\sto\b)|people|workers|jobs|tons?|tonnes|vehicles|cars|won|yen|dollars|euros|billion"
    rf"|million|trillion"
    rf"|companies|firms|items|products|units|troops|soldiers))"
)
YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|ended|began|started|closed|opened|entered|finished|since|by|from|until|till|through|to|of"
    r"|for|during|before|after|early|late|mid|year|than|and|due"
    r"|between|around|the|a|its|their|end|beyond|over|mid-|late-|early-|s|compared with|against|on)\s|\bmid-"
    r"|\()[‘']?$",
    re.I,
)
YEAR_LOOSE = re.compile(
    r"(?:(?:^|[\s(“\"])(?!(?:about|some|nearly|almost|roughly|only|least|most|another|around|exactly|section"
    r"|article|page"
    r"|paragraph|flight|model|resolution|chapter|no|over|under|heading|code|of)\s)[a-z][a-z’'-]*\s|[.!?]\s|^)$"
)
"""Before a number that is a year by what follows it."""
YEAR_AFTER = re.compile(
    r"[:;?!)]|[.,](?=\s|$)|$|\s(?:was|were|will|is|saw|brought|began|ended|cost|has|had|could|may|would|looks)\b"
    r"|\s(?:[A-Za-z]+\s)?(?:trade|budget|growth|GDP|forecasts?|levels?|figures?|results?|targets?|deal"
    r"|agreement|pact"
    r"|treaty|accord|tariffs?|exports|imports|average|totals?|data|sales|output|production|harvest|crop"
    r"|edition|report"
    r"|review|elections?|law|peak|high|low|deficit|surplus|revenues?|profits?|earnings|guidance|outlook|estimates?"
    r"|projections?|baseline|prices|rates?|plan|programme|program|summit|memorandum|declaration|statement"
    r"|investment"
    r"|spending|shipments|turnover|volumes?|quotas?|season|truce|framework|understanding)\b"
)
RELATIVE = re.compile(
    rf"(?:(?P<p>early|earlier|late|later|mid|the end of|the start of|the beginning of|the middle of)[\s-])?"
    rf"(?P<r>last|next|this past|this coming|this|past|coming|previous|current|following)\s"
    rf"(?:(?P<u>week|month|year|quarter|weekend|spring|summer|autumn|fall|winter)\b(?!-)|(?P<w>{WEEKDAY})|"
    rf"(?P<m>{MONTH}))(?:\s(?P<dp>morning|afternoon|evening|night))?",
    re.I,
)
SPAN = re.compile(
    rf"(?:the\s)?(?P<r>next|coming|last|past|previous|following|first)\s(?P<n>{COUNT}|few|several|couple of)\s"
    rf"(?:business\s|working\s|calendar\s)?(?P<u>{UNIT})\b",
    re.I,
)
AGO = re.compile(
    rf"(?P<n>{COUNT})\s(?:business\s|working\s|calendar\s|more\s)?(?P<u>{UNIT})(?:['’]\stime)?\s(?P<r>ago"
    rf"|earlier|later|before(?!\s[\w\"“])|from now|from today|hence)\b(?!\s(?:this|in|that)\b)",
    re.I,
)
WITHIN = re.compile(
    rf"(?P<r>within|in)\s(?:about\s|around\s|roughly\s|just\s|as little as\s|less than\s|the\snext\s"
    rf"|the\scoming\s)?(?P<n>{COUNT})\s(?:business\s|working\s|calendar\s)?(?P<u>{UNIT})(?:['’]\stime)?\b(?!\s"
    rf"(?:of|ago|earlier|later|that|since|to|there|after|before|following|from)\b)",
    re.I,
)
MONTH_PART = re.compile(
    rf"(?:the\s)?(?P<n>first|second|third|fourth|last|final)\s(?:(?P<w>week)|(?P<h>half)|(?P<c>{COUNT})\sdays)\s"
    rf"(?:of|in)\s(?:(?P<m>{MONTH})(?:,?\s(?:of\s)?(?P<y>{YEAR})\b)?|(?P<r>this|next|last|the)\smonth\b)",
    re.I,
)
"""A part of a month by its number: "the second week of December", "the first 20 days of May"."""
WEEK_OF = re.compile(
    r"(?:the\s)?week(?P<e>end)?\s(?:of|beginning|starting|commencing|from)\s(?:on\s)?(?:the\s)?", re.I
)
WEEK_TO = re.compile(
    rf"(?:the\s)?(?:(?P<n>{COUNT})\s)?weeks?\s(?:up\s)?(?:to|through|ended|ending)\s(?:on\s)?(?:the\s)?", re.I
)
"""The seven days up to a day: "the week to 27 November"."""
STARTING = re.compile(
    rf"(?P<n>{COUNT})[\s-](?P<u>days?|weeks?)(?:\s[a-z]+)?,?\s(?:starting|beginning|from)\s(?:on\s)?",
    re.I,
)
DURATION = re.compile(
    rf"(?P<n>{COUNT})-(?P<u>day|week|month|year)s?\s(?=(?:[a-z]+\s|[a-z]+-[a-z]+\s){{0,2}}?(?:pauses?|grace"
    rf"|extensions?|delays?|truces?|suspensions?|deadlines?|freezes?|reprieves?|waivers?|moratoriums?|moratoria"
    rf"|windows?|periods?|exemptions?|notice|phase|transition|postponements?|ceasefires?)\b)",
    re.I,
)
PART_OF = re.compile(
    rf"(?:the\s)?(?P<p>(?:early|mid|late)(?=[\s-])|(?:beginning|start|end|middle)(?=-|\sof\s))[\s-](?:(?:of"
    rf"|in)\s)?"
    rf"(?:(?P<m>{MONTH})(?!\s\d\d?\b(?!\s?%))(?:,?\s(?:of\s)?(?P<y>{YEAR})\b)?|(?P<v>{YEAR})\b|(?:the"
    rf"|this)\s(?P<u>month|year|week|quarter)\b)",
    re.I,
)
QUARTER = re.compile(
    rf"(?:the\s)?(?:(?P<n>first|second|third|fourth|final|last)[\s-](?P<k>quarter|half)|Q(?P<q>[1-4])\b|"
    rf"(?P<g>[1-4])Q|(?P<h>H[12])\b)"
    rf"(?:,?\s(?:of\s)?(?:fiscal\s)?(?P<y>{YEAR})\b|(?P<yy>\d\d)\b|\s(?:of\s)?(?P<r>this|last|next)\syear)?"
    rf"(?!\s(?:final|game|of the (?:game|match)))",
    re.I,
)
FISCAL = re.compile(
    rf"(?:the\s)?(?:(?P<y0>{YEAR})\s)?(?:fiscal(?:\syear)?|FY)\s?(?P<y>{YEAR}|\d\d\b)?(?P<u>[-–/](?:{YEAR}"
    rf"|\d\d)\b)?"
)
SEASON = re.compile(rf"(?:the\s)?(?P<s>spring|summer|autumn|fall|winter)(?:\sof)?,?\s(?P<y>{YEAR})\b", re.I)
ANAPHOR = re.compile(
    r"(?:(?P<same>the (?:very )?same (?:day|morning|afternoon|evening|night)|that (?:same )?day|that (?:morning"
    r"|afternoon|evening|night))|(?P<later>"
    r"(?:later|earlier) (?:in the|that|the same) day)"
    r"|(?P<next>the (?:following|next) (?:day|morning|afternoon|evening|night)|the (?:day|morning) after(?!\s\w)"
    r"|a day (?:later|after(?!\s\w)))|(?P<before>the "
    r"(?:previous|preceding) (?:day|afternoon|evening|night)|the (?:day|night|evening) before(?!\s\w)"
    r"|a day (?:earlier|before(?!\s\w))))\b",
    re.I,
)
TERM = re.compile(
    r"(?P<name>[A-Z][a-z]+)['’]s?\s(?P<n>first|second|1st|2nd)\s(?:presidential\s)?term\b|"
    r"(?P<adm>[A-Z][a-z]+)\sadministration['’]s\s(?P<k>first|second)\sterm"
)
SINGLE = re.compile(
    r"(?P<d>today|yesterday|tomorrow|tonight|last\snight)\b(?!['’]s?\s(?:world|age|society|era))(?:\s(?P<p>morning"
    r"|afternoon|evening|night))?",
    re.I,
)
THIS_PART = re.compile(r"this\s(?P<p>morning|afternoon|evening)\b", re.I)
HOW_OFTEN = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|\d+th|only|twice|times)\b(?:\s[A-Za-z]+){0,5}\s$"
)
TO_LAST = re.compile(
    r"\b(?:to|will|would|can|could|may|might|must|should|shall|did|does|do|not|[’']ll|that|which|they|talks"
    r"|stocks)\s$"
)
"""Before "last six months": the verb."""
NO_TOMORROW = re.compile(r"\b(?:no|of|for a better|a better)\s$")
QUESTION = re.compile(r"[.:)]\s*[A-Z]")
"""After "Q1" at the head of a line: the number of a question."""
"""Before "in two weeks": how often in that time, no date."""
COMPARED = re.compile(r"\b(?:from|than|with|to|versus|over|on)\s(?:the\s)?$")
"""Before "a year earlier": a comparison of two periods, no date."""
VAGUE = re.compile(
    r"(?P<v>recently|lately|in recent (?:days|weeks|months|years)|(?:in|over|during)\s(?:the\s)?(?:coming"
    r"|next few|past few|last few|following)\s(?:days|weeks|months|years)|in the near future|in due course)\b",
    re.I,
)
RECENT_NOUN = re.compile(
    r"recent(?=\s(?:[a-z]+\s)?(?:interview|speech|report|phone call|telephone call|letter|statement|meeting"
    r"|visit|remarks|trip)\b)"
)
WEEKEND = re.compile(r"(?:over\s)?the weekend\b|over the (?P<r>coming|past|last|next) weekend\b", re.I)
YEAR_END = re.compile(
    rf"(?:the\s)?(?P<u>year|month|quarter)(?:['’]s)?[-\s]end\b|end-(?:(?P<m>{MONTH})|(?P<y>{YEAR})\b)", re.I
)

CONNECT = re.compile(r"\s?(?:(?:to|through|until|till)\s(?:the\s)?|[-–]\s?)", re.I)
AND = re.compile(r"\sand\s(?:on\s)?")
CONNECT_AND = re.compile(r"\s(?:and|to)\s", re.I)

ANCHOR_WORDS = (
    r"(?:"
    rf"(?P<month>(?:{MONTH}))|(?P<weekday>{WEEKDAY})|(?P<digit>(?<![.,]\d)(?<!\d[.,])\d)"
    r"|(?P<part>(?i:(?:the\s)?(?:early|mid|late|end|beginning|start|middle)(?:[\s-](?:(?:of"
    r"|in)\s)?)(?=[A-Z12]|the\s"
    r"|this\s|last\s|next\s)))"
    r"|(?P<monthpart>(?i:(?:the\s)?(?:first|second|third|fourth|last|final)\s(?:week\s(?:of|in)\s"
    r"|half\s(?:of|in)\s(?=[JFMASOND]|th|next|last)|[a-z\d]+\sdays\s(?:of|in)\s)))"
    r"|(?P<weekof>(?i:(?:the\s)?week(?:end)?\s(?:of|beginning|starting|commencing|from|to|through|ended"
    r"|ending)\s))"
    r"|(?P<rel>(?i:(?:earlier|later|the\s(?:end|start|beginning|middle)\sof|last|next|this|past|coming|previous"
    r"|current|following)[\s-](?=last|this|next|past|coming|week|month|year|quarter|spring|summer|autumn|fall"
    r"|winter|evening|[MTWFSJAOND])))"
    r"|(?P<span>(?i:(?:the\s)?(?:next|coming|last|past|previous|following|first)\s(?=\d|a\b|an\b|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|few|several|couple|thirteen"
    r"|fourteen|sixteen|eighteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)))"
    r"|(?P<within>(?i:(?:within|in)\s(?=\d|a\s|an\s|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|fourteen|fifteen|eighteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|about|around|roughly|just|as\slittle|less|the\s(?:next|coming))))"
    r"|(?P<number>(?i:(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|fourteen|eighteen|(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]{3,5})?|twenty-[a-z]{3,5})[\s-](?=(?:business\s|working\s|calendar\s|more\s)?(?:day|week|fortnight"
    r"|month|year))))"
    r"|(?P<anaphor>(?i:(?:the\s(?:very\s)?(?:same|following|next|previous|preceding)\sday"
    r"|the\ssame\s(?:morning|afternoon|evening|night)|that\s(?:same\s)?"
    r"(?:day|morning|afternoon|evening|night)|(?:later|earlier)\s(?:in\sthe|that|the\ssame)\sday|the\s(?:day"
    r"|night|evening|morning)\s"
    r"(?:before|after)|the\s(?:following|next|previous|preceding)\s(?:morning|afternoon|evening|night))\b))"
    r"|(?P<single>(?:[Ll]ast\snight|[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b)"
    r"|(?P<quarter>(?i:(?:the\s)?(?:first|second|third|fourth|final|last)[\s-](?:quarter|half)\b|Q[1-4]\b"
    r"|H[12]\b))"
    r"|(?P<fiscal>(?:the\s)?(?:fiscal\b|FY\s?\d))"
    r"|(?P<season>(?i:(?:the\s)?(?:spring|summer|autumn|fall|winter)\s(?=of\s\d|\d)))"
    r"|(?P<vague>(?:[Rr]ecently|[Ll]ately)\b|(?:[Ii]n|[Oo]ver|[Dd]uring)\s(?:the\s)?(?:recent|coming|next\sfew"
    r"|past\sfew|last\sfew|following|near)\s|in\sdue\scourse)"
    r"|(?P<recent>recent\s)"
    r"|(?P<weekend>(?i:(?:over\s)?the\sweekend\b|over\sthe\s(?:coming|past|last|next)\sweekend))"
    r"|(?P<end>(?i:(?:the\s)?(?:year|month|quarter)(?:['’]s)?[-\s]end\b|end-(?=[A-Z12])))"
    r"|(?P<term>[A-Z][a-z]+(?:['’]s?|\sadministration['’]s)\s(?:first|second|1st|2nd)\s(?:presidential\s)?term\b)"
    r")"
)
ANCHOR = re.compile(ANCHOR_WORDS)
BARE_MONTH_BEFORE = re.compile(
    r"(?:\b(?:in|by|of|since|until|till|through|from|to|last|next|this|during|for|before|after|between|and"
    r"|around|early|mid|late|the|a|an|its|their|every|each|as|starting|beginning|ending|on|or|was|previous|set"
    r"|until|between|late|than|-)[\s-]|[(—–-]\s?|\d\s?[-–])$",
    re.I,
)
GIVEN_NAMES = ("May", "April", "June", "August")
TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|President|Minister|Secretary|Premier|Chancellor|Ambassador"
    r"|Commissioner"
    r"|Senator|Governor|Envoy|Representative|Chairwoman|Chairman|Director|Spokeswoman|Spokesman)\.?\s$"
)
NO_NAME_BEFORE = re.compile(
    r"(?:\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his|[Ee]arly|[Ll]ate|mid|[Tt]he)[\s-])$"
)
"""Before a month that a name follows by chance: "in May Chen resigned"."""
AT_THE_EARLIEST = re.compile(r"\sat the (?:very\s)?(?:earliest|latest)\b")
ORDINAL_DAY = re.compile(
    r"(?P<d>(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th))(?=\s*(?:[,.;:!?)\]”\"’']|$|—|–|\s-\s)"
    r"|\s(?:at|in|on|near|under|during|over|from|via|for|and|or|to|with|but|when|where|because|while|so|if|as"
    r"|by|after|before)\b)"
)
ORDINAL_BEFORE = re.compile(
    r"\b(?:[Oo]n|[Bb]y|[Uu]ntil|till|[Bb]efore|[Aa]fter|[Ff]rom|[Ss]ince|of|for|[Aa]round)\sthe\s$"
)
"""Before the number of a day without its month: "on the 28th"."""
NAME_AFTER = re.compile(r"\s(?:[A-ZÀ-ÖØ-Þ][^\W\d_A-Z]+\b(?!\s?\d))(?<!\sDeal)(?<!\sAgreement)")
MODAL_AFTER = re.compile(r"\s(?:I|we|he|she|they|it|you|be|have|not|also|well)\b")
