"""The ways to page people: e-mail, a Telegram group of the staff, and a webhook that signs what it sends."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from email.message import EmailMessage
from http import HTTPStatus
from math import inf

import httpx

from casework.floor.paging import Page, PageFailed
from casework.ports import Clock, MailFailed
from desk.mailing import by_smtp

TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
PATIENCE_S = 5.0  # what may be waited for within one page; longer, and the page is tried again as a whole


def subject_of(page: Page) -> str:
    again = f" (page {page.number})" if page.number > 1 else ""
    return f"Critical: {page.title}{again}"


def text_of(page: Page) -> str:
    """The page in words: what, since when, what to do by when, and where."""
    duties = [f"{n}. {text} (by {due:%H:%M} UTC)" for n, (text, due) in enumerate(page.checklist, 1)]
    began = (
        f"It began at {page.began_at:%H:%M} UTC. This is page {page.number}; it comes again until it is acknowledged."
    )
    return "\n".join([subject_of(page), began, "", *duties, "", f"Take it, and acknowledge: {page.link}"])


@dataclass(frozen=True, slots=True)
class EmailPager:
    """Implements casework.floor.paging.Pager. `url`: smtp://user:password@host:587, or smtps://…"""

    url: str
    sender: str

    async def send(self, to: str, page: Page) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject_of(page)
        message["X-Priority"], message["Auto-Submitted"] = "1", "auto-generated"
        message.set_content(text_of(page))
        try:
            await by_smtp(self.url, message)
        except MailFailed as failed:
            raise PageFailed(str(failed)) from failed


@dataclass(frozen=True, slots=True)
class TelegramPager:
    """Implements casework.floor.paging.Pager by the Bot API's sendMessage."""

    token: str
    url: str

    async def send(self, to: str, page: Page) -> None:
        body = {"chat_id": int(to), "text": text_of(page)[:4096], "disable_web_page_preview": True}
        await _post(f"{self.url}/bot{self.token}/sendMessage", json.dumps(body).encode(), {}, "Telegram")


@dataclass(frozen=True, slots=True)
class WebhookPager:
    """Implements casework.floor.paging.Pager. The signature is HMAC-SHA256 over `timestamp.body`."""

    secret: str
    clock: Clock

    async def send(self, to: str, page: Page) -> None:
        body = json.dumps(
            {
                "alert": page.alert_id,
                "procedure": page.procedure,
                "title": page.title,
                "began_at": page.began_at.isoformat(),
                "number": page.number,
                "checklist": [{"text": text, "due_at": due.isoformat()} for text, due in page.checklist],
                "link": page.link,
            }
        ).encode()
        stamp = str(int(self.clock().timestamp()))
        headers = {"X-Redress-Timestamp": stamp, "X-Redress-Signature": signature(self.secret, stamp, body)}
        await _post(to, body, headers, "The webhook")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What a receiver computes for itself and compares."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def _post(url: str, body: bytes, headers: dict[str, str], who: str, *, again: bool = True) -> None:
    """The URL may hold a token, so no error repeats it. A short wait that is asked for is waited."""
    try:
        async with httpx.AsyncClient(timeout=8, trust_env=False) as client:
            answer = await client.post(url, content=body, headers={"Content-Type": "application/json", **headers})
    except httpx.HTTPError as error:
        raise PageFailed(f"{who} did not answer ({type(error).__name__})") from None
    if answer.status_code == TOO_MANY and again and (wait := _asked_to_wait(answer)) <= PATIENCE_S:
        await asyncio.sleep(wait)
        await _post(url, body, headers, who, again=False)
    elif answer.status_code >= 300:
        raise PageFailed(f"{who} answered {answer.status_code}")


def _asked_to_wait(answer: httpx.Response) -> float:
    """Seconds, as Telegram or HTTP asks for them; without end where neither can be read."""
    try:
        told = answer.json()
        asked = told["parameters"]["retry_after"] if isinstance(told, dict) and "parameters" in told else None
        return float(answer.headers.get("Retry-After", "inf") if asked is None else asked)
    except (ValueError, KeyError, TypeError):
        return inf
