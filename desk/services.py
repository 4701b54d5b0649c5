"""The desk's stories, put together from its parts. Pages and routes ask for a `Desk`."""

from dataclasses import dataclass

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from casework.chats import Chats
from casework.deep_links import IdTooLong, sign
from casework.delivery import Delivery
from casework.floor.floor import Floor, floor_of
from casework.identity import Door
from casework.intake import Intake, Rating, Watching
from casework.keeping import Keeping
from casework.learning import Learning
from casework.ownership import Ownership
from casework.proving import Proving
from casework.rating import Ratings
from casework.timers import Timers
from casework.turns import Turns
from casework.watching import Watch
from desk.limits import Limits
from desk.live import Live
from desk.mailing import Outbox
from desk.metrics import Metrics
from desk.parts import DeskParts, TelegramSettings
from desk.telegram.api import Api
from desk.telegram.channel import TelegramChannel, webhook_secret
from desk.telegram.complaining import Complaints
from desk.telegram.delivering import TELEGRAM, Deliverer
from desk.telegram.fetching import Fetcher
from desk.telegram.numbering import account_of
from desk.telegram.pacing import Pace
from desk.telegram.receiving import Receiver
from desk.telegram.tidying import Tidying
from desk.telegram.waiting import WaitTeller
from desk.tokens import Tokens
from desk.worker import TurnWorker
from recovery.staffing import PLAIN, Staffing


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a route may use."""

    parts: DeskParts
    tokens: Tokens
    live: Live
    worker: TurnWorker
    metrics: Metrics
    limits: Limits
    openings: Limits
    intake: Intake
    delivery: Delivery
    door: Door
    ownership: Ownership
    timers: Timers | None
    learning: Learning
    floor: Floor | None
    chats: Chats
    keeping: Keeping | None
    telegram: TelegramChannel | None
    outbox: Outbox | None

    def deep_link(self, customer_id: str) -> str:
        """Where this customer goes on in Telegram, as themselves; empty while there is no bot."""
        name = self.telegram.name if self.telegram else ""
        try:
            token = sign(self.parts.settings.identity_secret, customer_id, self.parts.clock())
        except IdTooLong:
            return ""
        return f"https://t.me/{name}?start={token}" if name else ""


TheDesk = NamedDependency[SkipValidation[Desk]]  # how a route asks for it


def build(parts: DeskParts) -> Desk:
    """Put a desk together. Nothing runs and nothing connects yet."""
    records, clock, settings = parts.records, parts.clock, parts.settings
    live, metrics = Live(records.signals), Metrics()
    ownership = _ownership(parts)
    floor = floor_of(parts.floor, ownership, parts.phrases, clock) if parts.floor else None
    worker = _worker(parts, metrics, floor)
    live.on_signal(worker.hear)
    chats = Chats(records.conversations, records.identities, clock)
    outbox = Outbox(parts.mailer, records.alerts, clock) if parts.mailer else None
    proving = _proving(parts, chats, outbox) if outbox else None
    held = floor.callbacks.held if floor else None
    rated = _rated(parts)
    intake = Intake(records.messages, clock, worker.wake, held, _watch(parts), proving, settings.room, rated)
    keeping = Keeping(records.attachments, parts.files, settings.largest_file, settings.room) if parts.files else None
    waits_of = floor.reception.wait_of if floor else None
    delivery = Delivery(records.conversations, records.messages, records.attachments, clock, waits_of)
    return Desk(
        parts,
        Tokens(settings.identity_secret, settings.session_secret, clock, settings.session_lasts),
        live,
        worker,
        metrics,
        Limits(settings.messages_a_minute),
        Limits(settings.sessions_a_minute),
        intake,
        delivery,
        Door(records.conversations, records.identities, clock),
        ownership,
        _timers(parts),
        Learning(records.reviews, clock, settings.zone),
        floor,
        chats,
        keeping,
        _telegram(parts, intake, chats, keeping, live, metrics, delivery),
        outbox,
    )


def _proving(parts: DeskParts, chats: Chats, outbox: Outbox) -> Proving:
    r, settings = parts.records, parts.settings
    return Proving(
        r.conversations,
        r.identities,
        chats,
        r.codes,
        r.alerts,
        parts.crm,
        parts.phrases,
        parts.clock,
        outbox.post,
        settings.identity_secret,
        settings.company,
    )


def _watch(parts: DeskParts) -> Watching | None:
    if parts.playbook is None:
        return None
    return Watch(parts.records.procedures, parts.playbook, parts.phrases, parts.clock).read


def _rated(parts: DeskParts) -> Rating | None:
    if parts.playbook is None:
        return None
    r = parts.records
    return Ratings(r.recoveries, r.surveys, parts.crm, parts.playbook, parts.phrases, parts.clock).press


def _worker(parts: DeskParts, metrics: Metrics, floor: Floor | None) -> TurnWorker:
    records, settings = parts.records, parts.settings
    greet = floor.reception.greet if floor else None
    calls = floor.callbacks.read if floor else None
    turns = Turns(records.turns, parts.engine, parts.phrases, parts.clock, greet, _watch(parts), calls)
    sweep_every = settings.sweep_every.total_seconds()
    return TurnWorker(
        turns.take,
        records.turns.waiting,
        records.signals,
        metrics,
        settings.turns_at_once,
        sweep_every,
        give_up=turns.give_up,
        ping=parts.engine.ping,
    )


def _ownership(parts: DeskParts) -> Ownership:
    r = parts.records
    floor = parts.floor

    def staffing() -> Staffing:
        return floor.playbook().staffing if floor else PLAIN

    return Ownership(
        r.conversations,
        r.handoffs,
        r.messages,
        r.notes,
        r.ownership,
        parts.phrases,
        parts.clock,
        staffing,
        _watch(parts),
    )


def _timers(parts: DeskParts) -> Timers | None:
    if parts.follow_ups is None:
        return None
    r = parts.records
    return Timers(
        parts.crm, r.conversations, r.recoveries, r.follow_ups, parts.follow_ups, parts.clock, r.surroundings
    )


def _telegram(
    parts: DeskParts,
    intake: Intake,
    chats: Chats,
    keeping: Keeping | None,
    live: Live,
    metrics: Metrics,
    delivery: Delivery,
) -> TelegramChannel | None:
    if parts.telegram is None:
        return None
    r, clock = parts.records, parts.clock
    api, pace = Api(parts.telegram.token, parts.telegram.url), Pace()
    receiver = _receiver(parts, parts.telegram, api, intake, chats, Tidying(pace))
    waits = WaitTeller(api, r.wait_lines, delivery.owner, parts.phrases, pace, clock, TELEGRAM)
    complaints = Complaints(r.alerts, clock)
    deliverer = Deliverer(api, r.deliveries, r.attachments, parts.files, pace, clock, complaints.hear, waits)
    fetcher = Fetcher(api, r.attachments, keeping, r.messages, parts.phrases, clock) if keeping else None
    secret = webhook_secret(parts.settings.session_secret)
    webhook = parts.telegram.webhook
    return TelegramChannel(
        api,
        receiver,
        deliverer,
        fetcher,
        r.leases,
        r.conversations,
        r.alerts,
        live,
        metrics,
        clock,
        complaints,
        pace,
        webhook,
        secret,
    )


def _receiver(
    parts: DeskParts, bot: TelegramSettings, api: Api, intake: Intake, chats: Chats, tidying: Tidying
) -> Receiver:
    r, settings = parts.records, parts.settings
    return Receiver(
        api,
        intake,
        chats,
        r.identities,
        r.messages,
        r.deliveries,
        r.attachments,
        parts.crm,
        parts.phrases,
        parts.clock,
        settings.company,
        settings.identity_secret,
        tidying,
        mails_codes=parts.mailer is not None,
        account=account_of(bot.token),
    )
