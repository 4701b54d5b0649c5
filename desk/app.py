"""The desk as one ASGI app."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import ControllerRouterHandler

from desk import health, problems, shop
from desk.clockwork import run_clockwork, run_distress, run_paging
from desk.headers import add_security_headers
from desk.noting import run_noting
from desk.parts import STATIC, TEMPLATES, DeskParts
from desk.services import Desk, build
from desk.telegram.webhook import webhook
from desk.timers import run_timers
from desk.webchat import WebChat

LARGEST_BODY = 256 * 1024  # the longest message fits four times, however it is escaped
_AGAIN_AFTER_S = 0.5
Job = Callable[[], Coroutine[None, None, None]]
log = structlog.get_logger("desk")


def create_app(parts: DeskParts) -> Litestar:
    """The whole desk: web chat, health, demo shop, worker, timers, and the further pages of `parts.routes`."""
    desk = build(parts)
    return Litestar(
        route_handlers=_routes(parts),
        dependencies={"desk": Provide(lambda: desk, use_cache=True, sync_to_thread=False)},
        signature_types=[Desk],
        lifespan=[_running(desk)],
        before_send=[add_security_headers],
        exception_handlers=problems.HANDLERS,
        cors_config=_cors(parts),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,  # structlog is set up by the wiring, once for the process
        template_config=TemplateConfig(directory=TEMPLATES, engine=JinjaTemplateEngine),
        openapi_config=OpenAPIConfig(
            title="Redress desk",
            version="1",
            path="/schema",
            render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        ),
    )


def _routes(parts: DeskParts) -> list[ControllerRouterHandler]:
    static = create_static_files_router(path="/static", directories=[STATIC], include_in_schema=False)
    routes: list[ControllerRouterHandler] = [WebChat, health.healthz, health.readyz, health.metrics, static]
    if parts.telegram is not None and parts.telegram.webhook:
        routes.append(webhook)
    if parts.settings.demo:
        routes.append(shop.Shop)
        if parts.demo_mail is not None:
            routes.append(shop.demo_mail)
    return [*routes, *parts.routes]


def _cors(parts: DeskParts) -> CORSConfig | None:
    """Shops on other origins may embed the chat. It carries a token, never a cookie."""
    if not parts.settings.allowed_origins:
        return None
    return CORSConfig(
        allow_origins=list(parts.settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "last-event-id"],
        max_age=3600,
    )


def _running(desk: Desk) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        """The signals, the worker and the timers live as long as the app."""
        app.state.desk = desk
        jobs = [asyncio.create_task(_kept_alive(name, job), name=name) for name, job in _jobs(desk).items()]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            if desk.telegram is not None:
                await desk.telegram.close()
            if desk.outbox is not None:
                await desk.outbox.close()
            for close in desk.parts.closing:
                await close()

    return running


def _jobs(desk: Desk) -> dict[str, Job]:
    jobs: dict[str, Job] = {"signals": desk.live.run, "worker": desk.worker.run}
    jobs["learning"] = lambda: run_noting(desk.learning, desk.parts.settings.notes_every)
    if (timers := desk.timers) is not None:
        every, clock = desk.parts.settings.follow_ups_every, desk.parts.clock
        jobs["timers"] = lambda: run_timers(timers, clock, every)
    if (floor := desk.floor) is not None and desk.parts.settings.floor_every:
        jobs["floor"] = lambda: run_clockwork(floor, desk.live, desk.parts.settings.floor_every)
        jobs["distress"] = lambda: run_distress(floor, desk.parts.settings.floor_every)
        jobs["paging"] = lambda: run_paging(floor, desk.live, desk.parts.settings.floor_every)
    if desk.telegram is not None:
        jobs["telegram"] = desk.telegram.run
    return jobs


async def _kept_alive(name: str, job: Job) -> None:
    """None of these may end before the app does: what breaks one is logged, and it begins again."""
    while True:
        try:
            await job()
        except Exception:
            log.exception("job_broke", job=name)
        await asyncio.sleep(_AGAIN_AFTER_S)
