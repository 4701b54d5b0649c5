"""Nobody sees the desk without a session, and nobody changes anything from a page that is not ours."""

import hashlib
import hmac
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from casework.errors import Conflict, NotFound, PortError, Refused, Unavailable
from casework.ports import Staff
from casework.reading import NoSuchConversation, NotYours, is_supervisor
from casework.staff import SHIFT
from desk.pages.parts import StaffParts
from desk.services import Desk

Asked = Request[Staff, str, Any]  # no `type` alias: Litestar looks at it
type Asking = ASGIConnection[Any, Any, Any, Any]

log = structlog.get_logger("desk")

COOKIE = "redress_desk"
VISIT = "redress_desk_visit"  # holds the sign-in form's token, before there is a session
BY_SCRIPT = "x-desk"  # our own scripts send it, and want JSON
PARTS = "staff_parts"
TOO_OLD = "This page is too old. Reload it and try again."
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def csrf_of(token: str) -> str:
    """The token that a form must carry. Only our own pages show it, and it does not give the cookie away."""
    return hmac.new(token.encode(), b"redress desk form", hashlib.sha256).hexdigest()


def session_cookie(token: str, *, secure: bool) -> Cookie:
    age = int(SHIFT.total_seconds())
    return Cookie(key=COOKIE, value=token, path="/desk", max_age=age, httponly=True, samesite="lax", secure=secure)


def visit_cookie(token: str, *, secure: bool) -> Cookie:
    return Cookie(key=VISIT, value=token, path="/desk/sign-in", httponly=True, samesite="lax", secure=secure)


def is_secure(request: Asking) -> bool:
    return str(request.url.scheme) == "https"


def parts_at(connection: Asking) -> StaffParts:
    """The parts that `staff_pages` was given, wherever a connection is."""
    parts: StaffParts = connection.route_handler.opt[PARTS]()
    return parts


def desk_at(connection: Asking) -> Desk:
    """The desk whose app this is."""
    desk: Desk = connection.app.state.desk
    return desk


async def signed_in(connection: Asking, _: BaseRouteHandler) -> None:
    """Guard: there is a session. It puts the staff member where handlers find them."""
    parts = parts_at(connection)
    token = connection.cookies.get(COOKIE, "")
    staff = await parts.sign_in.who(token)
    if staff is None:
        raise NotAuthorizedException("Please sign in.")
    connection.scope["user"] = staff
    connection.scope["auth"] = token


async def from_our_page(connection: Asking, _: BaseRouteHandler) -> None:
    """Guard: a change carries the token of the page it was asked on."""
    if connection.scope.get("method") in SAFE:
        return
    await check_token(connection, csrf_of(str(connection.scope["auth"])))


async def check_token(connection: Asking, expected: str) -> None:
    given = connection.headers.get("x-csrf-token", "")
    if not given and isinstance(connection, Request):
        given = str((await connection.form()).get("csrf", ""))
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise PermissionDeniedException(TOO_OLD)


async def supervisors_only(connection: Asking, _: BaseRouteHandler) -> None:
    """Guard: the log, the alerts and the looks are the supervisors'."""
    if not is_supervisor(connection.user):
        raise PermissionDeniedException("This page is for supervisors.")


def by_script(request: Asking) -> bool:
    return BY_SCRIPT in request.headers or "text/event-stream" in request.headers.get("accept", "")


def ask_to_sign_in(request: Asked, error: Exception) -> Response[Any]:
    """Pages go to the sign-in and come back; scripts are told."""
    if by_script(request):
        return Response({"error": "You are signed out. Sign in again."}, status_code=401, headers=HEADERS)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = f"?next={quote(back, safe='')}" if request.method == "GET" and back != "/desk" else ""
    return Redirect(f"/desk/sign-in{wanted}", status_code=303, headers=HEADERS)


STATUS_OF: dict[type[Exception], int] = {
    NoSuchConversation: 404,
    NotFound: 404,
    NotYours: 403,
    Conflict: 409,
    Refused: 422,
    ValueError: 400,
    Unavailable: 503,
}
NO_SUCH_THING = "This address does not ask for anything that the desk has."
BROKEN = "Something went wrong on our side. Please try again."
LATER = "Something that this page needs does not answer. Nothing is lost: please try again in a moment."


def tell_plainly(request: Asked, error: Exception) -> Response[Any]:
    """An error as one plain sentence: a page for people, JSON for our scripts."""
    status, sentence = _told(error)
    if by_script(request):
        return Response({"error": sentence}, status_code=status, headers=HEADERS)
    parts = parts_at(request)
    user, auth = request.scope.get("user"), str(request.scope.get("auth") or "")
    shown = {"status": status, "sentence": sentence, "me": user, "csrf": csrf_of(auth), "standing": None, "nav": ""}
    html = parts.templates.render("error.html", shown)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=HEADERS)


def _told(error: Exception) -> tuple[int, str]:
    """The status and the sentence. Of what we did not foresee, the log has the details."""
    if isinstance(error, Unavailable):
        return 503, LATER
    if isinstance(error, HTTPException) and error.status_code < 500:
        return error.status_code, error.detail if isinstance(error, PermissionDeniedException) else NO_SUCH_THING
    for kind, status in STATUS_OF.items():
        if isinstance(error, kind):
            return status, str(error)
    return 500, BROKEN


def broken(request: Asked, error: Exception) -> Response[Any]:
    """A bug: logged with its trace, told without it."""
    log.error("page_broke", path=request.url.path, exc_info=error)
    return tell_plainly(request, error)


HANDLERS: dict[Any, Any] = {
    NotAuthorizedException: ask_to_sign_in,
    **dict.fromkeys(
        (*STATUS_OF, PortError, HTTPException, PermissionDeniedException, ValidationException), tell_plainly
    ),
    500: broken,
}
