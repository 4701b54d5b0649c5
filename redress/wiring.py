"""The only module that names concrete adapters."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from litestar.types import ControllerRouterHandler

from casework.contingencies import Contingencies
from casework.erasing import Erasing
from casework.floor.floor import FloorPorts
from casework.floor.paging import Pager
from casework.follow_up import FollowUps
from casework.ports import Budget, Files, Mailer, Reviews, Room
from casework.staff import SignIn
from casework.turn import Bot
from casework.wording import Variant, Wording
from crm_adapter.copies import bring_forward, copy_customer
from crm_adapter.erasing import erase_customer
from crm_adapter.sql import SqlCrm
from desk.engine_http import HttpEngine
from desk.engines import Engines
from desk.mailing import FolderMailer, SmtpMailer
from desk.pagers import EmailPager, TelegramPager, WebhookPager
from desk.pages import staff_pages, staff_parts
from desk.parts import DemoCustomer, DeskParts, DeskSettings, TelegramSettings
from recovery.playbook import Playbook
from recovery.records import Customer, Order
from recovery.words import FollowUpKind, Tier
from redress import playbook
from redress.customers import Customers, Otherwise
from redress.demo import Demo
from redress.playbook.responses import read_responses
from redress.records import Records
from redress.settings import CHECKOUT, Settings
from redress.simulation.company import Standing
from store.database import Database, connect
from store.emptying import empty
from store.erasing import SqlErasure
from store.files import in_s3, on_disk
from store.floor.approvals import SqlApprovals
from store.floor.callbacks import SqlCallbacks
from store.floor.clocks import SqlClocks
from store.floor.paging import SqlPages
from store.floor.presence import SqlPresence
from store.floor.queueing import SqlQueue
from store.granting import SqlGrantBook
from store.reading import SqlReading
from store.sql_store import SqlStore
from store.surroundings import SqlSurroundings
from store.turn_memory import SqlTurnMemory

RESPONSES = CHECKOUT / "data" / "responses"
_MB = 1024 * 1024
_ACTIONS_CONNECTIONS, _DESK_CONNECTIONS, _COMMAND_CONNECTIONS = 8, 16, 4


def clock() -> datetime:
    """The present, for every part that needs it."""
    return datetime.now(UTC)


def wording() -> Wording:
    """Every word the bot says."""
    wordings = read_responses(RESPONSES).wordings.items()
    return Wording(
        {
            name: [Variant(w.id, w.text, w.metadata.tone, w.metadata.needs) for w in variants]
            for name, variants in wordings
        }
    )


@asynccontextmanager
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    """The bot that the actions work with."""
    engine = connect(str(settings.database_url), pool_size=_ACTIONS_CONNECTIONS)
    rules, database = playbook.load(settings.playbook, RESPONSES), Database(engine)
    try:
        memory, around = SqlTurnMemory(database), SqlSurroundings(database)
        yield Bot(SqlCrm(engine), memory, wording(), lambda: rules, clock, around, settings.mails_codes)
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class DeskResources:
    """The desk's parts, and what must be closed after it."""

    parts: DeskParts
    store: SqlStore
    engines: Sequence[HttpEngine]

    async def close(self) -> None:
        """Let go of the connections."""
        for engine in self.engines:
            await engine.close()
        await self.store.close()


def desk(settings: Settings) -> DeskResources:
    """The desk with its staff's pages. Nothing connects before it serves."""
    database = connect(str(settings.database_url), pool_size=_DESK_CONNECTIONS)
    store, crm = SqlStore(database), SqlCrm(database)
    token = settings.engine_token.get_secret_value()
    engines = {url: HttpEngine(url, token) for url in settings.engine_urls}
    engine = Engines(engines) if len(engines) > 1 else next(iter(engines.values()))
    rules, words = playbook.load(settings.playbook, RESPONSES), wording()
    mailer = _mailer(settings)
    parts = DeskParts(
        settings=_desk_settings(settings, rules),
        records=store,
        engine=engine,
        crm=crm,
        phrases=words,
        clock=clock,
        follow_ups=FollowUps(words, lambda: rules),
        playbook=lambda: rules,
        checks={"database": store.ping, "crm": crm.ping, "engine": engine.ping},
        demo_customers=_demo_customers() if settings.demo else (),
        telegram=_telegram(settings),
        files=files_of(settings),
        mailer=mailer,
        demo_mail=mailer.newest if isinstance(mailer, FolderMailer) else None,
        routes=[_staff(settings, store, crm, rules)],
        floor=floor_ports(store, lambda: rules, _pagers(settings), settings.public_url or settings.desk_url),
    )
    return DeskResources(parts, store, list(engines.values()))


def _desk_settings(settings: Settings, rules: Playbook) -> DeskSettings:
    return DeskSettings(
        company=rules.company,
        session_secret=settings.session_secret.get_secret_value(),
        identity_secret=settings.identity_secret.get_secret_value(),
        demo=settings.demo,
        allowed_origins=settings.allowed_origins,
        metrics_token=settings.metrics_token.get_secret_value(),
        sessions_a_minute=settings.strangers_sessions,
        room=Room(
            Budget(settings.strangers_files, settings.strangers_megabytes * _MB),
            Budget(settings.customers_files, settings.customers_megabytes * _MB),
        ),
        zone=ZoneInfo(settings.timezone),
    )


def files_of(settings: Settings) -> Files:
    """A folder in the home, or a bucket."""
    if not settings.files:
        return on_disk(settings.home / "files")
    bucket, _, prefix = settings.files.removeprefix("s3://").partition("/")
    return in_s3(
        bucket,
        prefix,
        endpoint=settings.files_endpoint,
        region=settings.files_region,
        key=settings.files_key,
        secret=settings.files_secret.get_secret_value(),
    )


def _mailer(settings: Settings) -> Mailer | None:
    """By SMTP where there is a server; else the demo shows its mail, and any other installation has none."""
    if smtp := settings.smtp_url.get_secret_value():
        return SmtpMailer(smtp, settings.mail_from)
    return FolderMailer(settings.home / "mail", settings.mail_from) if settings.mails_codes else None


def _telegram(settings: Settings) -> TelegramSettings | None:
    """A token is all that is needed."""
    token = settings.telegram_token.get_secret_value()
    return TelegramSettings(token, settings.telegram_url, settings.telegram_webhook) if token else None


def _staff(settings: Settings, store: SqlStore, crm: SqlCrm, rules: Playbook) -> ControllerRouterHandler:
    reading, grants = SqlReading(store.database), SqlGrantBook(store.database, clock)
    zone = ZoneInfo(settings.timezone)
    return staff_pages(staff_parts(store, reading, grants, crm, lambda: rules, clock, zone, wording()))


def floor_ports(
    store: SqlStore, rules: Callable[[], Playbook], pagers: Mapping[str, Pager] | None = None, address: str = ""
) -> FloorPorts:
    """The people at work, the queue, the clocks and the pages."""
    d = store.database
    return FloorPorts(
        SqlPresence(d),
        SqlQueue(d),
        SqlClocks(d),
        SqlCallbacks(d),
        SqlApprovals(d),
        SqlPages(d),
        d.condition,
        rules,
        pagers or {},
        address,
    )


def _pagers(settings: Settings) -> dict[str, Pager]:
    """The ways to page that this installation has."""
    found: dict[str, Pager] = {}
    if smtp := settings.smtp_url.get_secret_value():
        found["email"] = EmailPager(smtp, settings.mail_from)
    if token := settings.telegram_token.get_secret_value():
        found["telegram"] = TelegramPager(token, settings.telegram_url)
    if secret := settings.page_secret.get_secret_value():
        found["webhook"] = WebhookPager(secret, clock)
    return found


def _demo_customers() -> tuple[DemoCustomer, ...]:
    from crm_adapter.demo import DEMO_CUSTOMERS  # brings the whole demo company along

    return tuple(DemoCustomer(each.id, each.name, each.shows) for each in DEMO_CUSTOMERS)


@asynccontextmanager
async def records(url: str) -> AsyncIterator[Records]:
    """Whole records, for the commands that show or check them."""
    engine = connect(url, pool_size=_COMMAND_CONNECTIONS)
    try:
        store = SqlStore(engine)
        yield Records(SqlReading(Database(engine)), SqlCrm(engine), store.conversations, store.messages)
    finally:
        await engine.dispose()


@asynccontextmanager
async def reviews(url: str) -> AsyncIterator[Reviews]:
    """The reviewed messages, for training."""
    store = SqlStore(connect(url, pool_size=_COMMAND_CONNECTIONS))
    try:
        yield store.reviews
    finally:
        await store.close()


@asynccontextmanager
async def customers(url: str) -> AsyncIterator[Customers]:
    """Customers to be played."""
    engine = connect(url, pool_size=_COMMAND_CONNECTIONS)

    async def copy(email: str, other: Otherwise) -> tuple[Customer, Mapping[str, str]]:
        made = await copy_customer(
            engine, email, tier=other.tier, support_need=other.support_need, past=other.past, events=other.events
        )
        return made.customer, made.names

    async def forward(conversation_id: str, kind: FollowUpKind) -> int:
        return await bring_forward(engine, conversation_id, kind, clock())

    try:
        yield Customers(SqlCrm(engine), copy, forward)
    finally:
        await engine.dispose()


@asynccontextmanager
async def erasing(settings: Settings, url: str) -> AsyncIterator[tuple[SqlCrm, Erasing]]:
    """What forgets a person."""
    engine = connect(url, pool_size=_COMMAND_CONNECTIONS)
    try:
        yield SqlCrm(engine), Erasing(SqlErasure(Database(engine), erase_customer), files_of(settings))
    finally:
        await engine.dispose()


@asynccontextmanager
async def sign_in(url: str) -> AsyncIterator[SignIn]:
    """The staff's story, for taking people on."""
    store = SqlStore(connect(url, pool_size=_COMMAND_CONNECTIONS))
    try:
        yield SignIn(store.users, clock)
    finally:
        await store.close()


@asynccontextmanager
async def contingencies(url: str, settings: Settings) -> AsyncIterator[Contingencies]:
    """The switch of contingencies, for the command."""
    store = SqlStore(connect(url, pool_size=_COMMAND_CONNECTIONS))
    rules = playbook.load(settings.playbook)
    try:
        yield Contingencies(store.contingencies, lambda: rules, clock)
    finally:
        await store.close()


@asynccontextmanager
async def standing(url: str, settings: Settings) -> AsyncIterator[Standing]:
    """How the company stands while a script is played."""
    store = SqlStore(connect(url, pool_size=_COMMAND_CONNECTIONS))
    rules = playbook.load(settings.playbook)
    switch = Contingencies(store.contingencies, lambda: rules, clock)
    try:
        yield Standing(switch, SqlSurroundings(store.database), rules, clock)
    finally:
        await store.close()


@asynccontextmanager
async def demo(url: str, home: Path) -> AsyncIterator[Demo]:
    """What puts the demo company into a new home."""
    engine = connect(url, pool_size=_COMMAND_CONNECTIONS)

    async def seed() -> None:
        from crm_adapter import seed  # slow to import, and needed once

        await seed.seed(engine, clock().date())

    store = SqlStore(engine)
    try:
        yield Demo(seed, store.users, SignIn(store.users, clock), home)
    finally:
        await store.close()


def demo_tiers() -> dict[str, Tier]:
    """The tiers of the demo's named customers, by e-mail address."""
    from crm_adapter.demo import DEMO_CUSTOMERS

    return {each.customer.email: each.tier for each in DEMO_CUSTOMERS}


def demo_orders(today: date) -> dict[str, Order]:
    """The demo company's orders, by number."""
    from crm_adapter.seed import demo_company

    return {order.id: order for order in demo_company(today).orders}


async def seed_anew(url: str) -> None:
    """Throw all records away and put the demo company in, as on its first day. For databases of one's own only."""
    from crm_adapter import seed, tables
    from store import tables as own

    engine = connect(url, pool_size=1)
    try:
        await empty(engine, [*own.metadata.tables, *tables.metadata.tables])
        await seed.seed(engine, clock().date())
    finally:
        await engine.dispose()
