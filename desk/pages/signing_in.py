"""Sign in and out."""

import secrets
from typing import Any

from litestar import Request, Response, get, post
from litestar.enums import MediaType
from litestar.exceptions import PermissionDeniedException
from litestar.response import Redirect

from casework.staff import SignInRefused, TooManyTries
from desk.pages import guarding
from desk.pages.guarding import HEADERS, Asked, csrf_of, is_secure, parts_at


@get("/sign-in")
async def form(request: Request[Any, Any, Any]) -> Response[str]:
    """The sign-in form."""
    return _form(request, back=str(request.query_params.get("next", "")))


@post("/sign-in", status_code=303)
async def sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open a session and go on to where the person wanted to be."""
    await guarding.check_token(request, _of_visit(request))
    sent = await request.form()
    email, back = str(sent.get("email", ""))[:254], str(sent.get("next", ""))
    address = request.client.host if request.client else "unknown"
    try:
        token = await parts_at(request).sign_in.sign_in(email, str(sent.get("password", ""))[:1000], address)
    except SignInRefused as refused:
        status = 429 if isinstance(refused, TooManyTries) else 401
        return _form(request, email, back, str(refused), status)
    cookie = guarding.session_cookie(token, secure=is_secure(request))
    return Redirect(_inside(back), status_code=303, headers=HEADERS, cookies=[cookie])


@post("/sign-out", status_code=303, guards=[guarding.signed_in, guarding.from_our_page])
async def sign_out(request: Asked) -> Response[Any]:
    """End the session."""
    await parts_at(request).sign_in.sign_out(request.auth)
    answer: Response[Any] = Redirect("/desk/sign-in", status_code=303, headers=HEADERS)
    answer.delete_cookie(guarding.COOKIE, path="/desk")
    return answer


def _form(
    request: Request[Any, Any, Any], email: str = "", back: str = "", refused: str = "", status: int = 200
) -> Response[str]:
    """The form, with a token that the visit's own cookie vouches for."""
    visit = request.cookies.get(guarding.VISIT) or secrets.token_urlsafe(24)
    shown = {"email": email, "next": back, "refused": refused, "csrf": csrf_of(visit), "me": None}
    html = parts_at(request).templates.render("sign_in.html", {**shown, "standing": None, "nav": ""})
    cookie = guarding.visit_cookie(visit, secure=is_secure(request))
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=HEADERS, cookies=[cookie])


def _of_visit(request: Request[Any, Any, Any]) -> str:
    """What the form must carry. Without the cookie nothing will do: anybody can work out its token."""
    visit = request.cookies.get(guarding.VISIT, "")
    if not visit:
        raise PermissionDeniedException(guarding.TOO_OLD)
    return csrf_of(visit)


def _inside(back: str) -> str:
    """Only a page of the desk: a link from outside must not lead a fresh session elsewhere."""
    inside = back == "/desk" or (back.startswith("/desk/") and "//" not in back and "\\" not in back)
    return back if inside and not back.startswith("/desk/sign-") and back.isprintable() else "/desk"


HANDLERS = [form, sign_in, sign_out]
