"""Errors as JSON with one clear sentence: {"detail": "…"}."""

import math
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from casework.errors import Conflict, NotFound, Refused, Unavailable
from casework.identity import IdentityRefused
from casework.intake import MessageRefused, MessageTooLong
from casework.ports import NoRoom
from casework.sniffing import FileRefused, FileTooLarge

type AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger("desk")


class TooFast(Exception):
    """More messages than a person writes."""

    def __init__(self, wait_s: float, why: str = "That was very fast. Wait a moment, then send it again.") -> None:
        super().__init__(why)
        self.wait_s = wait_s


_STATUS: dict[type[Exception], int] = {
    MessageTooLong: 413,
    FileTooLarge: 413,
    FileRefused: 415,
    MessageRefused: 422,
    IdentityRefused: 401,
    NotFound: 404,
    Conflict: 409,
    NoRoom: 413,
    Refused: 403,
    Unavailable: 503,
    TooFast: 429,
}
_SENTENCES = {
    404: "There is nothing here.",
    405: "That cannot be done here.",
    413: "That is too large. Send it in shorter parts.",
    415: "Send it as JSON.",
}


def said(detail: str, status: int, headers: dict[str, str] | None = None) -> Response[dict[str, str]]:
    return Response({"detail": detail}, status_code=status, headers=headers, media_type="application/json")


def ours(request: AnyRequest, error: Exception) -> Response[dict[str, str]]:
    """An error of the stories: its text is a sentence already, except where it tells of our inside."""
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    if isinstance(error, Unavailable):
        return said("We cannot store messages at this moment. Try again shortly.", status, {"Retry-After": "2"})
    if isinstance(error, NotFound):
        return said("There is no such conversation.", status)
    wait = {"Retry-After": str(math.ceil(error.wait_s))} if isinstance(error, TooFast) else None
    return said(str(error), status, wait)


def invalid(request: AnyRequest, error: ValidationException) -> Response[dict[str, str]]:
    """What was wrong with the input, without repeating the input."""
    extra = error.extra if isinstance(error.extra, list) else []
    details = [f"{e.get('key', 'the body')}: {e.get('message', 'not valid')}" for e in extra if isinstance(e, dict)]
    return said(f"This request is not as it should be. {'; '.join(details)}".strip(), 422)


def http(request: AnyRequest, error: HTTPException) -> Response[dict[str, str]]:
    """The framework's own errors."""
    return said(_SENTENCES.get(error.status_code, error.detail), error.status_code, error.headers)


def unexpected(request: AnyRequest, error: Exception) -> Response[dict[str, str]]:
    """A bug: logged with its trace, told without it."""
    log.error("request_broke", path=request.url.path, exc_info=error)
    return said("Something went wrong on our side. Try again shortly.", 500)


HANDLERS: dict[Any, Any] = {
    **dict.fromkeys(_STATUS, ours),
    ValidationException: invalid,
    HTTPException: http,
    500: unexpected,
}
