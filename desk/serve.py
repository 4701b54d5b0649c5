"""How uvicorn is to serve the desk."""

from typing import Any

import uvicorn


def server(app: Any, host: str, port: int, **more: Any) -> uvicorn.Server:
    """A server that ends open event streams when it stops, and logs no address: a stream's carries its session."""
    defaults: dict[str, Any] = {
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "timeout_graceful_shutdown": 2,
        "timeout_keep_alive": 60,
    }
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **{**defaults, **more}))
