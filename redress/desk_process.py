"""The desk process: `python -m redress.desk_process`."""

from desk.app import create_app
from redress import settings as reading
from redress import wiring
from redress.serving import serve


def main() -> None:
    """Serve the desk to people."""
    settings = reading.load()
    resources = wiring.desk(settings)
    app = create_app(resources.parts)
    app.on_shutdown.append(resources.close)
    serve(app, settings.host, settings.port, settings, settings.desk_port)


if __name__ == "__main__":
    main()
