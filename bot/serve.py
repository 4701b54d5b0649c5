"""Start the engine: Rasa's agent behind our channels, on loopback, in one process.

    python -m bot.serve --model models/name.tar.gz --port 5005

`--model` may be a link: what it leads to when the engine starts is loaded, and names every result.

`rasa run` would also import the trainer, the evaluator and TensorFlow, and open Rasa's whole HTTP API.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from pathlib import Path
from typing import Any

from bot import without_tensorflow
from bot.home import CHECKOUT
from bot.understand import quiet

NO_MODEL = 3  # exit code: the model could not be loaded


def build(model: Path, endpoints: Path, credentials: Path) -> Any:
    """The Sanic app with the channels of `credentials`, whose agent is loaded before it listens."""
    from rasa.core.channels.channel import register
    from rasa.shared.utils.common import class_from_module_path
    from rasa.shared.utils.io import read_config_file
    from sanic import Sanic

    channels = read_config_file(credentials).items()
    app = Sanic("engine", configure_logging=False)
    register(
        [class_from_module_path(name).from_credentials(given) for name, given in channels],
        app,
        "/webhooks/",
    )
    app.config.KEEP_ALIVE_TIMEOUT = 300  # the desk keeps its connections

    @app.before_server_start
    async def load(app: Any, loop: Any) -> None:
        app.ctx.agent = await load_agent(model, endpoints, loop)
        gc.collect()
        gc.freeze()  # the model lives for ever: the collector need not walk it again

    return app


async def load_agent(model: Path, endpoints: Path, loop: Any) -> Any:
    from rasa.core import agent
    from rasa.core.utils import AvailableEndpoints

    available = AvailableEndpoints.read_endpoints(str(endpoints))
    loaded = await agent.load_agent(model_path=str(model), endpoints=available, loop=loop)
    if not loaded.is_ready():
        print(f"The model {model} could not be loaded.", file=sys.stderr, flush=True)
        logging.shutdown()
        sys.exit(NO_MODEL)
    return loaded


def main() -> int:
    parser = argparse.ArgumentParser(description="Start the engine.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--endpoints", type=Path, default=CHECKOUT / "endpoints.yml")
    parser.add_argument("--credentials", type=Path, default=CHECKOUT / "credentials.yml")
    options = parser.parse_args()
    quiet()
    without_tensorflow.install()
    from bot import quick_validation  # after the stand-in for TensorFlow: it imports Rasa

    quick_validation.install()
    app = build(options.model.resolve(), options.endpoints, options.credentials)
    app.run(host="127.0.0.1", port=options.port, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
