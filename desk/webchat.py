"""The web chat's public protocol: thin routes over the intake and the delivery. docs/webchat.md has it in words."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from casework.delivery import AT_ONCE, OwnerSeen
from casework.errors import NotFound, Unavailable
from casework.identity import IdentityRefused, Session, Standing
from casework.intake import new_message_id
from casework.ports import Attachment, Author, Message, Outbound, Owner, Signal
from desk.limits import sender
from desk.live import Watch
from desk.problems import TooFast
from desk.services import Desk, TheDesk
from desk.serving_files import served
from desk.uploading import LARGEST_UPLOAD, take_upload

_MESSAGES = frozenset({"message", "lost"})
_OWNER = frozenset({"owner", "queue", "presence", "lost"})
_MOST = 2**31 - 1
_AFTER = Annotated[int, QueryParameter(ge=0, le=_MOST, description="The last seq that is known already.")]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`token`: the shop's identity token. `resume`: an earlier session token."""

    token: str | None = None
    resume: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """`name`: the customer's first name."""

    session: str
    conversation: str
    name: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SendMessage:
    """`id`: the sender's own id, so that sending again is safe. `payload`: what a pressed button carries."""

    id: str
    text: str
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """The acknowledgement: the message is stored."""

    id: str
    seq: int
    at: datetime


class WebChat(Controller):
    """What the widget speaks."""

    path = "/chat"
    tags = ["web chat"]  # noqa: RUF012 - the framework's own way

    @post("/session", status_code=201)
    async def open_session(
        self, data: JSONBody[OpenSession], request: Request[Any, Any, Any], desk: TheDesk
    ) -> OpenedSession:
        """Open a session, or come back to one."""
        identity = desk.tokens.identity(data.token) if data.token else None
        resumed = _resumed(desk, data.resume)
        goes_on = resumed is not None and resumed.customer_id is None and await desk.door.admits(resumed)
        if identity is None and not goes_on and (wait_s := _too_many(desk, request)):
            raise TooFast(wait_s, "Many chats were opened from here just now. Wait a moment, then open it again.")
        session, conversation = await desk.door.open(identity, resumed)
        token, expires_at = desk.tokens.sign_session(session)
        first_name = next(iter(conversation.customer_name.split()), None)
        return OpenedSession(token, conversation.id, first_name, expires_at)

    @post("/unlink", status_code=201)
    async def unlink(self, request: Request[Any, Any, Any], desk: TheDesk) -> OpenedSession:
        """Whoever proved by a code in this browser who they are is a stranger in it again."""
        before = await _session(desk, request)
        fresh = await desk.door.forget(before)
        records, now = desk.parts.records, desk.parts.clock()
        told = desk.parts.phrases.plain("utter_chat_unlinked", company=desk.parts.settings.company)
        await records.messages.say(fresh.id, Outbound(new_message_id(), Author.SYSTEM, told), now)
        await records.signals.send(Signal("owner", before.conversation_id))  # other tabs of this browser
        token, expires_at = desk.tokens.sign_session(Session(fresh.id))
        return OpenedSession(token, fresh.id, None, expires_at)

    @post("/messages", status_code=202)
    async def send(
        self, data: JSONBody[SendMessage], request: Request[Any, Any, Any], desk: TheDesk
    ) -> Response[StoredMessage]:
        """Take a message. 202 once it is stored; 200 with the first answer when it was stored before."""
        session = await _session(desk, request)
        if wait_s := desk.limits.wait_s(session.conversation_id):
            raise TooFast(wait_s)
        received = await desk.intake.receive(session.conversation_id, data.id, data.text, data.payload)
        if not received.repeated:
            desk.metrics.messages.labels("web").inc()
        body = StoredMessage(received.id, received.seq, received.at)
        return Response(body, status_code=200 if received.repeated else 202)

    @get("/messages")
    async def messages(
        self, request: Request[Any, Any, Any], desk: TheDesk, after: _AFTER = 0
    ) -> list[dict[str, Any]]:
        """The messages after `after`, for restoring and polling."""
        session = await _session(desk, request)
        found = await desk.delivery.after(session.conversation_id, after)
        if not found:
            await _must_stand(desk, session)
        files = await desk.delivery.files_of(found)
        await desk.delivery.delivered(found)
        return [shown(m, files.get(m.id, ())) for m in found]

    @post("/attachments", status_code=202, request_max_body_size=LARGEST_UPLOAD)
    async def attach(self, request: Request[Any, Any, Any], desk: TheDesk) -> Response[StoredMessage]:
        """Take a file with a few words or none: a form of `id`, `file` and `text`. Answered as a message is."""
        session = await _session(desk, request)
        if wait_s := desk.limits.wait_s(session.conversation_id):
            raise TooFast(wait_s)
        received = await take_upload(desk, session.conversation_id, await request.form())
        if not received.repeated:
            desk.metrics.messages.labels("web").inc()
        body = StoredMessage(received.id, received.seq, received.at)
        return Response(body, status_code=200 if received.repeated else 202)

    @get("/attachments/{attachment_id:str}")
    async def attachment(
        self, request: Request[Any, Any, Any], desk: TheDesk, attachment_id: FromPath[str]
    ) -> Response[bytes]:
        """A file of this conversation."""
        session = await _session(desk, request)
        if desk.keeping is None:
            raise NotFound("There is no such file.")
        content = await desk.keeping.content(attachment_id, session.conversation_id)
        return served(content, request.headers.get("range", ""))

    @get("/events")
    async def events(self, request: Request[Any, Any, Any], desk: TheDesk, after: _AFTER = 0) -> Stream:
        """Messages, typing and owner as server-sent events, from `after` or `Last-Event-ID` on."""
        session = await _session(desk, request)
        await _must_stand(desk, session)
        seen = _last_event(request.headers.get("last-event-id", ""), after)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = ChatStream(desk, session, seen)
        return Stream(stream.run(), media_type="text/event-stream", headers=headers)


class ChatStream:
    """One browser's event stream."""

    def __init__(self, desk: Desk, session: Session, seen: int) -> None:
        self._desk, self._session, self._seen = desk, session, seen
        self._conversation_id = session.conversation_id
        self._owner: tuple[OwnerSeen, bool] | None = None
        self._proved = False
        self._heartbeat = desk.parts.settings.heartbeat_every.total_seconds()

    async def run(self) -> AsyncIterator[bytes]:
        """Watch first, then read: nothing falls between the two.

        Without a database it ends, and so it does when the conversation is erased; the browser comes again.
        """
        with self._desk.live.watch(self._conversation_id) as watch, suppress(IdentityRefused, NotFound, Unavailable):
            yield b"retry: 1000\n\n"
            async for event in self._events(watch):
                yield event

    async def _events(self, watch: Watch) -> AsyncIterator[bytes]:
        self._proved = await _check(self._desk, self._session)
        async for event in self._new_messages():
            yield event
        yield await self._new_owner()
        while True:
            signals = await watch.next(self._heartbeat)
            kinds = {signal.kind for signal in signals}
            if kinds & _OWNER:
                self._proved = await _check(self._desk, self._session)
            if kinds & _MESSAGES:
                async for event in self._new_messages():
                    yield event
            if kinds & _OWNER and (owner := await self._new_owner()):
                yield owner
            for signal in signals:
                if signal.kind == "typing":
                    yield event_of("typing", dict(signal.data))
            if not signals:
                yield (await self._new_owner() if self._waits else b"") or b": still here\n\n"

    async def _new_messages(self) -> AsyncIterator[bytes]:
        """In order; marked as delivered once the stream took them. Raises IdentityRefused."""
        more = True
        while more:
            found = await self._desk.delivery.after(self._conversation_id, self._seen)
            if found:
                await _check(self._desk, self._session)  # after reading: whoever signs in now has said nothing yet
                files = await self._desk.delivery.files_of(found)
                yield b"".join(event_of("message", shown(m, files.get(m.id, ())), m.seq) for m in found)
                self._seen = found[-1].seq
                await self._desk.delivery.delivered(found)
            more = len(found) == AT_ONCE

    async def _new_owner(self) -> bytes:
        owner = await self._desk.delivery.owner(self._conversation_id)
        if (owner, self._proved) == self._owner:
            return b""
        self._owner = owner, self._proved
        told = {"owner": owner.owner, "name": owner.name, "position": owner.position, "proved": self._proved}
        wait = {"minutes": owner.minutes, "opens": owner.opens, "anybody": owner.anybody}
        return event_of("owner", told | wait if self._waits else told)

    @property
    def _waits(self) -> bool:
        """The expected wait changes by itself."""
        return self._owner is not None and self._owner[0].owner is Owner.QUEUE


def shown(message: Message, files: Sequence[Attachment] = ()) -> dict[str, Any]:
    """A message as the customer sees it: a file alone has no text.

    `client_id` is the sender's own id of a customer's message.
    """
    return {
        "seq": message.seq,
        "id": message.id,
        "author": message.author,
        "name": message.author_name,
        "text": "" if message.meta.get("wordless") and files else message.text,
        "files": [_file_shown(file) for file in files],
        "buttons": [{"title": b.title, "payload": b.payload} for b in message.buttons],
        "at": message.at.isoformat(),
        "client_id": message.channel_message_id if message.author is Author.CUSTOMER else None,
    }


def _file_shown(file: Attachment) -> dict[str, Any]:
    return {"id": file.id, "kind": file.kind, "name": file.name, "type": file.media_type, "size": file.size}


def event_of(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    """One server-sent event."""
    numbered = f"id: {seq}\n" if seq is not None else ""
    return f"{numbered}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


async def _session(desk: Desk, request: Request[Any, Any, Any]) -> Session:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.query_params.get("session", "")
    if not token:
        raise NotAuthorizedException("Open a chat session first.")
    session = desk.tokens.session(token)
    await _check(desk, session)
    return session


async def _must_stand(desk: Desk, session: Session) -> None:
    """Raises NotFound when its conversation was erased: whoever has it open begins another."""
    await desk.parts.records.conversations.get(session.conversation_id)


async def _check(desk: Desk, session: Session) -> bool:
    """Whether its customer has proved in this browser who they are. Raises IdentityRefused."""
    standing = await desk.door.standing(session)
    if standing is Standing.REFUSED:
        raise IdentityRefused("Somebody has signed in to this chat. Reload the page and sign in to go on.")
    return standing is Standing.PROVED


def _too_many(desk: Desk, request: Request[Any, Any, Any]) -> float:
    """How long this address must wait before a stranger there begins another conversation."""
    name = sender(request.client.host if request.client else "")
    return desk.openings.wait_s(name) if name else 0.0


def _last_event(header: str, after: int) -> int:
    """What a reconnecting browser saw last; nonsense counts as nothing."""
    known = header.isascii() and header.isdigit() and len(header) <= 10
    return min(int(header), _MOST) if known else after


def _resumed(desk: Desk, token: str | None) -> Session | None:
    """An old session that cannot be resumed is no error: a new one begins."""
    try:
        return desk.tokens.session(token) if token else None
    except IdentityRefused:
        return None
