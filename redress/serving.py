"""How our own web processes are served."""

import gc
from typing import Any

import uvicorn

from redress import logs
from redress.settings import Settings

_LAST_REQUESTS_S = 3  # event streams never end by themselves


def serve(app: Any, host: str, port: int, settings: Settings) -> None:
    """Serve an ASGI app until SIGTERM."""
    logs.configure(settings.log_level)
    gc.collect()
    gc.freeze()  # what was made at start lives for ever: the collector need not walk it again
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=300,
        timeout_graceful_shutdown=_LAST_REQUESTS_S,
    )
