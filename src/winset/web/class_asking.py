"""How a request of class mode is read, and how mistakes become answers."""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from winset.classroom.views import Teacher, Viewer
from winset.core.errors import NotConvergedError, UnknownNameError, UnreadableFileError, WinsetError
from winset.web.class_valuing import NewerError
from winset.web.security import parsed, refusal

__all__ = [
    "RefusedError", "address_of", "bearer", "is_own", "is_token", "mapping_of", "name_of", "object_of", "told",
    "whole",
]  # fmt: skip

_log = logging.getLogger("winset.web")


class RefusedError(Exception):
    """An answer that ends a request."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer


def told(handler: Callable[..., Awaitable[Response]]) -> Any:
    """Turn mistakes into answers."""

    @wraps(handler)
    async def told(self: Any, request: Request) -> Response:
        try:
            return await handler(self, request)
        except RefusedError as refused:
            return refused.answer
        except NewerError:
            return refusal(409, "a newer question of yours came in", code="newer")
        except NotConvergedError as error:
            return refusal(422, error.what, why=error.why, remedy=error.remedy, code="no-result")
        except UnreadableFileError as error:
            _log.error("%s", error)
            return refusal(500, "the move could not be kept, so it did not happen", code="disk",
                           remedy="Tell the teacher")  # fmt: skip
        except WinsetError as error:
            status = 400 if isinstance(error, UnknownNameError) else 409
            return refusal(status, error.what, why=error.why, remedy=error.remedy)

    return told


def bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return str(token.strip())[:200] if kind.lower() == "bearer" else ""
    return ""


def is_token(scope: Scope, token: str) -> bool:
    return hmac.compare_digest(bearer(scope).encode(), token.encode())


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_own(scope: Scope) -> bool:
    try:
        return ipaddress.ip_address(address_of(scope)).is_loopback
    except ValueError:
        return False


def name_of(viewer: Viewer) -> str:
    return "teacher" if isinstance(viewer, Teacher) else f"member {viewer.id}"


async def object_of(request: Request, keys: tuple[str, ...]) -> dict[str, Any]:
    """The JSON object of a request, with no other keys than these."""
    try:
        data = parsed(await request.body())
    except ValueError as error:
        raise RefusedError(refusal(400, f"the body is not JSON: {error}")) from error
    if not isinstance(data, dict) or not set(data) <= set(keys):
        raise RefusedError(refusal(400, f"the body must be an object with {', '.join(keys) or 'nothing in it'}"))
    return data


def mapping_of(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, dict) or len(data) > 20:
        raise RefusedError(refusal(400, "'levers' must be an object of numbers"))
    return data


def whole(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data < 1_000_000:
        raise RefusedError(refusal(400, "a whole number is needed"))
    return data
