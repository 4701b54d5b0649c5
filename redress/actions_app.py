"""The action server: rasa-sdk's executor behind two plain HTTP routes.

rasa-sdk's own server brings OpenTelemetry, gRPC and a second web framework (13 MB and half a second) to do this.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type Opening = Callable[[], AbstractAsyncContextManager[None]]

log = structlog.get_logger(__name__)


class Executor(ActionExecutor):
    """rasa-sdk's executor, without what our actions have no use for."""

    def register_action(self, action: Any) -> None:
        """A class that others derive from is no action of its own."""
        if not (isinstance(action, type) and action.__subclasses__()):
            super().register_action(action)

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Our actions need no domain, so the engine sends none; rasa-sdk would refuse that."""
        return {}


class ActionsApp:
    """An ASGI app that speaks Rasa's webhook protocol. `opening` holds what the actions need while it serves."""

    def __init__(self, executor: ActionExecutor, opening: Opening) -> None:
        self._executor = executor
        self._opening = opening

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        match scope["method"], scope["path"]:
            case "POST", "/webhook":
                status, body = await self._run(await _body(receive))
            case "GET", "/health":
                status, body = 200, {"status": "ok"}
            case _:
                status, body = 404, {"error": "There is nothing here."}
        await _answer(send, status, body)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._opening():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """Run the action that the engine asks for; failures are answered as Rasa expects them."""
        try:
            call = json.loads(body)
            name = str(call.get("next_action"))
        except (ValueError, AttributeError):
            return 400, {"error": "Not an action call."}
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as refused:
            return 400, {"error": refused.message, "action_name": refused.action_name}
        except ActionNotFoundException as missing:
            return 404, {"error": missing.message, "action_name": missing.action_name}
        except Exception as error:  # the engine must hear of it, and the turn is then tried again
            log.exception("action failed", action=name, error=type(error).__name__)
            return 500, {"error": type(error).__name__, "action_name": name}
        return 200, result.model_dump() if result else None


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, body: dict[str, Any] | None) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
