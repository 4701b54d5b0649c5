"""Where Telegram brings updates, when it is told to."""

import hmac
from typing import Any

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException, PermissionDeniedException

from desk.telegram.channel import TelegramChannel

HEADER = "x-telegram-bot-api-secret-token"
MOST_BYTES = 1_000_000


@post("/telegram/webhook", status_code=200, include_in_schema=False, request_max_body_size=MOST_BYTES)
async def webhook(request: Request[Any, Any, Any]) -> Response[None]:
    """One update, stored before it is acknowledged. Who does not know the secret is not heard."""
    channel: TelegramChannel | None = request.app.state.desk.telegram
    if channel is None or not channel.webhook:
        raise NotFoundException
    given = request.headers.get(HEADER, "").encode()
    if not hmac.compare_digest(given, channel.secret.encode()):
        raise PermissionDeniedException("This is for Telegram alone.")
    await channel.called(await request.json())
    return Response(None, status_code=200)
