"""Alive, ready, and what Prometheus may know."""

import asyncio
import hmac
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import PermissionDeniedException

from desk.parts import Check
from desk.services import TheDesk

_PATIENCE_S = 2.0
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@get("/healthz", tags=["health"])
async def healthz() -> dict[str, str]:
    """This process lives."""
    return {"status": "alive"}


@get("/readyz", tags=["health"])
async def readyz(desk: TheDesk) -> Response[dict[str, Any]]:
    """All that a conversation needs answers. 503 names what does not."""
    names = list(desk.parts.checks)
    answers = await asyncio.gather(*(_passes(check) for check in desk.parts.checks.values()))
    checks = {name: "ready" if passed else "not ready" for name, passed in zip(names, answers, strict=True)}
    ready = all(answers)
    body = {"status": "ready" if ready else "not ready", "checks": checks}
    return Response(body, status_code=200 if ready else 503)


@get("/metrics", tags=["health"])
async def metrics(request: Request[Any, Any, Any], desk: TheDesk) -> Response[bytes]:
    """For this machine, or with the metrics token."""
    if not _may_read(request, desk.parts.settings.metrics_token):
        raise PermissionDeniedException("Metrics are for this machine, or need the metrics token.")
    waiting = await desk.parts.records.handoffs.queue_length()
    return Response(desk.metrics.text(waiting, desk.live.watching), media_type="text/plain; version=0.0.4")


def _may_read(request: Request[Any, Any, Any], token: str) -> bool:
    """Behind a proxy every request comes from loopback, so a forwarded one needs the token."""
    given = request.headers.get("authorization", "").encode()
    if token and hmac.compare_digest(given, f"Bearer {token}".encode()):
        return True
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return request.client is not None and request.client.host in _LOOPBACK and not forwarded


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await check()
    except Exception:
        return False
    return True
