"""How our own web processes are served."""

import gc
import socket
import sys
from typing import Any

import uvicorn

from redress import logs
from redress.settings import Settings

_LAST_REQUESTS_S = 3  # event streams never end by themselves


def serve(app: Any, host: str, port: int, settings: Settings, own_port: int = 0) -> None:
    """Serve an ASGI app until SIGTERM. With a port of its own beside it, the port is shared with other processes."""
    logs.configure(settings.log_level)
    gc.collect()
    gc.freeze()  # what was made at start lives for ever: the collector need not walk it again
    sockets = [_listener(host, port), _listener("127.0.0.1", own_port)] if own_port else None
    config = uvicorn.Config(
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
    server = uvicorn.Server(config)
    server.run(sockets)
    if not server.started:
        sys.exit(1)


def _listener(host: str, port: int) -> socket.socket:
    """The kernel spreads connections over all processes that listen so, and knows when one has died."""
    family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(address)
    return listener
