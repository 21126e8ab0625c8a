"""Access codes that can be read aloud, tokens that cannot be guessed, and a brake on guessing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping

__all__ = ["ALPHABET", "LENGTH", "Guesses", "key_of", "match", "new_codes", "new_token", "tidy"]

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""31 characters, without those that are taken for one another: I and 1, L, O and 0."""
LENGTH = 6
"""31^6 is about 9e8: at the rate that `Guesses` lets through, a lesson of two hours finds one of four codes with a
chance of about one in six thousand."""


def new_codes(names: Iterable[str]) -> dict[str, str]:
    """A code for each name, all different."""
    found: dict[str, str] = {}
    for name in names:
        code = ""
        while not code or code in found.values():
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        found[name] = code
    return found


def tidy(code: object) -> str:
    """A code as typed: small letters, blanks and dashes do not matter."""
    return "".join(c for c in str(code)[:64].upper() if c in ALPHABET)


def match(codes: Mapping[str, str], given: object) -> str | None:
    """Whose code this is. Compares with every code in constant time, so that time tells nothing about any."""
    typed = tidy(given).encode()
    found = None
    for name, code in codes.items():
        if hmac.compare_digest(code.encode(), typed):
            found = name
    return found


def new_token() -> str:
    """A bearer token of 192 bits."""
    return secrets.token_urlsafe(24)


def key_of(token: str) -> str:
    """What is kept of a token: its SHA-256, in hex. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Guesses:
    """Counts wrong codes in a sliding window, by client and over all."""

    def __init__(self, *, each: int = 10, every: int = 300, seconds: float = 60.0, clients: int = 1024) -> None:
        """each, every: wrong codes that one client, and all together, may send in `seconds`."""
        self.each, self.every, self.seconds, self.clients = each, every, seconds, clients
        self._by: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque()

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may try again; 0 where it may now."""
        left = 0.0
        for times, most in ((self._by.get(client), self.each), (self._all, self.every)):
            if times is None:
                continue
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= most:
                left = max(left, times[0] + self.seconds - now)
        return left

    def wrong(self, client: str, now: float) -> None:
        """A wrong code was sent."""
        times = self._by.pop(client, None) or deque()
        times.append(now)
        self._by[client] = times
        self._all.append(now)
        while len(self._by) > self.clients:
            self._by.popitem(last=False)
