"""The only door to the engine: loopback HTTP with a token, for the desk alone.

credentials.yml:

    bot.channel.DeskChannel:
      token: ${REDRESS_ENGINE_TOKEN}
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.nlu.result import result_of
from bot.reload import reload
from bot.turn import CHANNEL, Turn, UnknownPayload, model_name, take_turn, understand

logger = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[HTTPResponse]]
MAX_TEXTS = 1000


class BadRequest(ValueError):
    """One sentence about what the desk sent wrong."""


def read_turn(body: Any) -> Turn:
    """Check the types of a turn's fields; the desk is ours, but a bug in it must not reach a tracker."""
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    for name in ("conversation", "message_id"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise BadRequest(f"{name} must be a non-empty string.")
    if not isinstance(body.get("text"), str):
        raise BadRequest("text must be a string.")
    if not isinstance(body.get("stage"), (str, type(None))):
        raise BadRequest("stage must be a string or null.")
    if not isinstance(body.get("metadata"), (dict, type(None))):
        raise BadRequest("metadata must be an object.")
    return Turn(body["conversation"], body["message_id"], body["text"], body.get("stage"),
                body.get("metadata") or {}, body.get("payload") is True)  # fmt: skip


def guarded(token: str) -> Callable[[Handler], Handler]:
    """Refuse who is not on this machine or does not know the token; turn expected errors into answers."""
    expected = f"Bearer {token}".encode()

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def checked(request: Request) -> HTTPResponse:
            if not ipaddress.ip_address(request.ip).is_loopback:
                return json({"error": "The engine answers this machine only."}, 403)
            given = request.headers.get("authorization", "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, expected):
                return json({"error": "The token is missing or wrong."}, 401)
            return await answered(handler, request)

        return checked

    return decorate


async def answered(handler: Handler, request: Request) -> HTTPResponse:
    agent = request.app.ctx.agent
    if agent is None or not agent.is_ready():
        return json({"error": "No model is loaded."}, 503)
    try:
        return await handler(request)
    except (BadRequest, UnknownPayload) as error:
        return json({"error": str(error)}, 400)
    except InvalidUsage:
        return json({"error": "The body is not JSON."}, 400)
    except LockError:
        return json({"error": "The conversation is busy with another message."}, 409)


async def turn(request: Request) -> HTTPResponse:
    agent, body = request.app.ctx.agent, request.json
    asked = read_turn(body)
    if body.get("nlu_only") is True:
        parse_data = await understand(agent.processor, asked.text, asked.metadata)
        nothing = {"messages": [], "actions": [], "failed": False, "repeated": False}
        return json({"nlu": result_of(parse_data), **nothing})
    try:
        return json(await take_turn(agent, asked))
    except (UnknownPayload, LockError):
        raise
    except Exception as error:  # whatever broke, the desk must hear of it and may try again
        logger.exception("A turn failed.")
        return json({"error": f"The turn failed: {type(error).__name__}.", "failed": True}, 500)


async def nlu(request: Request) -> HTTPResponse:
    body = request.json
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequest("texts must be a list of strings.")
    if len(texts) > MAX_TEXTS:
        raise BadRequest(f"At most {MAX_TEXTS} texts are understood at once.")
    processor = request.app.ctx.agent.processor
    results = [result_of(await understand(processor, text, {})) for text in texts]
    return json({"results": results})


async def ready(request: Request) -> HTTPResponse:
    return json({"ready": True, "model": model_name(request.app.ctx.agent.processor)})


async def model(request: Request) -> HTTPResponse:
    """Change to another model. What does not load is told, and the present one stays."""
    body = request.json
    path = Path(str(body.get("path", ""))) if isinstance(body, dict) else Path()
    if not path.name.endswith(".tar.gz") or not path.is_file():
        raise BadRequest("path must name a model file.")
    try:
        await reload(request.app.ctx.agent, path)
    except Exception as error:  # whatever a broken model breaks
        logger.exception("A model did not load.")
        return json({"error": f"The model does not load: {type(error).__name__}."}, 422)
    return await ready(request)


class DeskChannel(InputChannel):
    """Rasa's way of hanging our routes into its server."""

    def __init__(self, token: str) -> None:
        self.token = token

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskChannel:
        token = str((credentials or {}).get("token") or "")
        if not token or token.startswith("$"):
            raise RasaException("The engine's channel has no token: set REDRESS_ENGINE_TOKEN.")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("desk_webhook")
        guard = guarded(self.token)
        blueprint.add_route(guard(turn), "/turn", methods=["POST"], name="turn")
        blueprint.add_route(guard(nlu), "/nlu", methods=["POST"], name="nlu")
        blueprint.add_route(guard(model), "/model", methods=["POST"], name="model")
        blueprint.add_route(guard(ready), "/ready", methods=["GET"], name="ready")
        return blueprint
