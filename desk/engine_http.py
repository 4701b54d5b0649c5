"""The engine over loopback HTTP, by the contract of bot/channel.py."""

import httpx

from casework.engine import Answer, Question
from casework.errors import Refused, Unavailable
from casework.ports import Json

_TURN = "/webhooks/desk/turn"
_READY = "/webhooks/desk/ready"
_MAY_PASS = frozenset({408, 409, 425, 429})  # busy, not wrong


class NoAnswer(Unavailable):
    """The engine did not say anything: it is down, or hangs."""


class HttpEngine:
    """Implements casework.engine.Engine. Connections are kept; the caller limits how long it waits."""

    def __init__(self, url: str, token: str, timeout_s: float = 5.0, connections: int = 16) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=timeout_s, limits=limits, trust_env=False
        )

    async def turn(self, question: Question) -> Answer:
        body = {
            "conversation": question.conversation,
            "message_id": question.message_id,
            "text": question.text,
            "stage": question.stage,
            "payload": question.payload,
            "metadata": question.metadata,
        }
        return _answer(await self._call("POST", _TURN, body))

    async def ping(self) -> None:
        await self._call("GET", _READY)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        try:
            response = await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise NoAnswer(f"The engine does not answer ({type(error).__name__}).") from error
        if response.status_code >= 500 or response.status_code in _MAY_PASS:
            raise Unavailable(f"The engine answered {response.status_code}.")
        if response.status_code >= 300:
            raise Refused(f"The engine refused with {response.status_code}.")
        return _json(response)


def _json(response: httpx.Response) -> Json:
    try:
        body = response.json()
    except ValueError as error:
        raise Unavailable("The engine's answer is not JSON.") from error
    if not isinstance(body, dict):
        raise Unavailable("The engine's answer is not an object.")
    return body


def _answer(body: Json) -> Answer:
    if body.get("failed"):
        raise Unavailable("An action of the turn failed.")
    try:
        return Answer(body["nlu"], body["messages"], body.get("actions", ()), bool(body.get("repeated")))
    except KeyError as error:
        raise Unavailable(f"The engine's answer lacks {error}.") from error
