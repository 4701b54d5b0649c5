"""What the desk is made of. The wiring passes concrete adapters; the desk knows ports only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from litestar.types import ControllerRouterHandler

from casework.crm import Crm
from casework.engine import Engine
from casework.floor.floor import FloorPorts
from casework.follow_up import FollowUps
from casework.ports import ROOM, Clock, Files, Mailer, Phrases, Records, Room
from casework.sniffing import MOST_BYTES
from recovery.playbook import Playbook

UTC = ZoneInfo("UTC")
Check = Callable[[], Awaitable[None]]
TURNS_AT_ONCE = 8  # of one desk process
STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """Somebody whom a visitor of the demo shop can be."""

    id: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What may differ from one desk to another. `allowed_origins`: the shops whose pages may embed the chat."""

    company: str
    session_secret: str
    identity_secret: str
    demo: bool = False
    allowed_origins: tuple[str, ...] = ()
    metrics_token: str = ""
    turns_at_once: int = TURNS_AT_ONCE
    sweep_every: timedelta = timedelta(seconds=1)
    follow_ups_every: timedelta = timedelta(seconds=5)
    floor_every: timedelta = timedelta(seconds=1)  # nothing: another process looks after the floor
    heartbeat_every: timedelta = timedelta(seconds=15)
    session_lasts: timedelta = timedelta(hours=12)
    messages_a_minute: int = 60
    sessions_a_minute: int = 30  # begun by strangers, from one address
    room: Room = ROOM
    largest_file: int = MOST_BYTES
    notes_every: timedelta = timedelta(seconds=10)
    zone: ZoneInfo = UTC


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot. `webhook`: the desk's public address; empty, updates are fetched."""

    token: str = field(repr=False)
    url: str = "https://api.telegram.org"
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Everything from outside.

    `follow_ups` None: no timers run here. `floor` None: nothing is offered, and no clock runs. `telegram` None: no
    such channel. `files` None: none are taken. `mailer` None: nobody can prove by a code who they are.
    `demo_mail`: the mails that the demo shows. `routes`: further pages. `closing`: awaited when all else has ended.
    """

    settings: DeskSettings
    records: Records
    engine: Engine
    crm: Crm
    phrases: Phrases
    clock: Clock
    follow_ups: FollowUps | None = None
    playbook: Callable[[], Playbook] | None = None
    floor: FloorPorts | None = None
    telegram: TelegramSettings | None = None
    files: Files | None = None
    mailer: Mailer | None = None
    demo_mail: Callable[[], Awaitable[Sequence[EmailMessage]]] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    demo_customers: Sequence[DemoCustomer] = ()
    routes: Sequence[ControllerRouterHandler] = ()
    closing: Sequence[Check] = ()
