"""The vocabulary of dates in English, as pieces of patterns and as tables."""

from __future__ import annotations

__all__ = [
    "COUNT",
    "DAY_PARTS",
    "MONTH",
    "MONTH_NUMBER",
    "NUMBER_WORDS",
    "PARTS",
    "TIME",
    "UNIT_DAYS",
    "WEEKDAY",
    "WEEKDAY_NUMBER",
    "ZONE",
]

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

MONTH_NUMBER = {name: i for i, name in enumerate(_MONTHS, start=1)}
"""Month by its name or abbreviation, in lower case without a stop."""
MONTH_NUMBER |= {name[:3]: i for i, name in enumerate(_MONTHS, start=1)} | {"sept": 9}

WEEKDAY_NUMBER = {name: i for i, name in enumerate(_DAYS)}
"""Weekday (Monday is 0) by its name or abbreviation."""
WEEKDAY_NUMBER |= {name[:3]: i for i, name in enumerate(_DAYS)} | {"tues": 1, "thur": 3, "thurs": 3}

# Capital letters are required: "may", "march", "sat" and "sun" are words.
MONTH = (
    r"(?-i:Jan(?:uary\b|\b\.?)|Feb(?:ruary\b|\b\.?)|Mar(?:ch\b|\b\.?)|Apr(?:il\b|\b\.?)|May\b|Jun(?:e\b|\b\.?)"
    r"|Jul(?:y\b|\b\.?)|Aug(?:ust\b|\b\.?)"
    r"|Sept?(?:ember\b|\b\.?)|Oct(?:ober\b|\b\.?)|Nov(?:ember\b|\b\.?)|Dec(?:ember\b|\b\.?)"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
)
WEEKDAY = (
    r"(?-i:Mon(?:day\b|\b\.?)|Tue(?:sday\b|s\b\.?|\b\.?)|Wed(?:nesday\b|\b\.?)|Thu(?:rsday\b|rs?\b\.?|\b\.?)"
    r"|Fri(?:day\b|\b\.?)"
    r"|Sat(?:urday\b|\b\.?)|Sun(?:day\b|\b\.?))"
)

_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: i for i, word in enumerate(_UP_TO_TWENTY.split())}
"""Whole numbers of one word: zero to twenty, and the tens up to ninety."""
NUMBER_WORDS |= {
    word: 10 * i
    for i, word in enumerate(["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=3)
}

COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
"""A number of days, weeks ..., in digits or words."""

UNIT_DAYS = {"day": "D", "week": "W", "fortnight": "W", "month": "M", "year": "Y"}
"""Letter of a unit in an ISO 8601 duration."""

PARTS = {
    "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid", "late": "late",
    "end": "end", "later": "rest",
}  # fmt: skip
"""Words for a part of a month, quarter or year."""

DAY_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 24)}
"""Hours of a part of the day; where people differ, the wider reading."""

TIME = (
    r"(?:(?:around|about|roughly)\s+)?(?:\d{1,2}(?:[:.]\d{2})?\s?(?:[ap]\.m\.?|[ap]m\b)|\d{1,2}:\d{2}(?!\d)"
    r"|noon\b|midnight\b"
    r"|\d{4}(?=\s+(?:GMT|UTC|hours)))"
)
ZONE = (
    r"(?:\(?(?:KST|JST|GMT|UTC|EST|EDT|ET|CST|CDT|CT|MST|MDT|PST|PDT|PT|BST|CET|CEST|IST|AEST|AEDT|SGT|HKT|BRT"
    r"|MSK|WIB)\b"
    r"(?:[+-]\d{1,2})?\)?|\(?(?:local|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?:\s[Ss]tandard|\s[Dd]aylight)?)\s[Tt]ime\)?)"
)
