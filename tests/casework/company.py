"""What the stories of casework are told with: a memory of turns, plain words, and a bot between them and a CRM."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework.errors import Conflict
from casework.ports import Overdrawn
from casework.turn import Bot, Remembered, Turn
from casework.turn_state import dumped, loaded
from casework.wording import TITLES, Variant, Wording
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from recovery.around import Around
from recovery.budgets import Draw
from recovery.heard import Heard
from recovery.playbook import Playbook
from recovery.records import Order
from recovery.words import DialogueAct
from tests.recovery.builders import CUSTOMER, LATE, NOW, PLAYBOOK, WORDS, order, said, topic_of

CONVERSATION = "conversation-1"


class AnyWords(dict[str, tuple[Variant, ...]]):
    """Two wordings of every response, so that no test needs to write its own; buttons have their own titles."""

    def get(self, name: str, default: Any = None) -> Any:
        if name.startswith(TITLES):
            return WORDS._responses[name]
        return tuple(Variant(f"{name}_{n}", f"{name} {n}.") for n in (1, 2))


def any_words() -> Wording:
    wording = Wording({})
    wording._responses = AnyWords()
    return wording


@dataclass
class MemoryOfTurns:
    """The TurnMemory port in memory; every message of a customer counts as stored, as the desk stores it first."""

    states: dict[str, tuple[dict[str, Any], int]] = field(default_factory=dict)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    stored: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    crash: bool = False
    first: list[Any] = field(default_factory=list)  # what another process does before the next state is kept

    async def answered(self, message_id: str) -> dict[str, Any] | None:
        return self.outcomes.get(message_id)

    async def recall(self, conversation_id: str) -> Remembered:
        state, version = self.states.get(conversation_id, (None, 0))
        return Remembered(loaded(state), version)

    async def keep(
        self, conversation_id: str, remembered: Remembered, message_id: str, outcome: dict[str, Any], at: datetime
    ) -> None:
        if self.crash:
            self.crash = False
            raise ConnectionError("the process died here")
        if self.first:
            await self.first.pop()
        if self.states.get(conversation_id, (None, 0))[1] != remembered.version or message_id in self.outcomes:
            raise Conflict("Another turn of this conversation was recorded first.")
        self.states[conversation_id] = (dumped(remembered.state), remembered.version + 1)
        self.outcomes[message_id] = outcome

    async def stored_messages(self, conversation_id: str, ids: frozenset[str]) -> frozenset[str]:
        return ids & self.stored[conversation_id]


@dataclass
class AroundInMemory:
    """The Surroundings port in memory."""

    spent: dict[str, int] = field(default_factory=dict)
    drawn: dict[str, tuple[str, tuple[Draw, ...]]] = field(default_factory=dict)
    told: Around = field(default_factory=Around)

    async def around(self, customer_id: str | None, keys: Sequence[str], message_id: str, now: datetime) -> Around:
        own = [d for message, draws in self.drawn.values() if message == message_id for d in draws]
        spent = {key: pence - sum(d.pence for d in own if d.key == key) for key, pence in self.spent.items()}
        return replace(self.told, spent=spent)

    async def draw(self, grant_key: str, draws: Sequence[Draw], message_id: str, at: datetime) -> None:
        if grant_key in self.drawn:
            return
        if any(self.spent.get(d.key, 0) + d.pence > d.limit for d in draws):
            raise Overdrawn("There is less left.")
        self.drawn[grant_key] = (message_id, tuple(draws))
        for d in draws:
            self.spent[d.key] = self.spent.get(d.key, 0) + d.pence

    async def give_back(self, grant_key: str) -> None:
        for d in self.drawn.pop(grant_key)[1]:
            self.spent[d.key] -= d.pence


class Chat:
    """A customer who writes to a bot with a CRM behind it."""

    def __init__(self, *orders: Order, customer: str | None = CUSTOMER.id, book: Playbook = PLAYBOOK) -> None:
        self.crm = MemoryCrm(Company(customers=(CUSTOMER,), orders=orders or (order(),)))
        self.memory, self.around = MemoryOfTurns(), AroundInMemory()
        self.bot = Bot(self.crm, self.memory, any_words(), lambda: book, lambda: NOW, self.around)
        self.customer, self.count = customer, 0
        self.outcomes: list[dict[str, Any]] = []

    async def says(self, text: str, act: DialogueAct, **heard: Any) -> dict[str, Any]:
        return await self.hears(self.message(text, act, **heard))

    def message(self, text: str, act: DialogueAct, **heard: Any) -> Heard:
        """A message as the desk stores it before the bot sees it."""
        self.count += 1
        message = said(text, act, message_id=heard.pop("message_id", f"m{self.count}"), **heard)
        self.memory.stored[CONVERSATION].add(message.message_id)
        return message

    async def hears(self, message: Heard) -> dict[str, Any]:
        outcome = await self.bot.take(await self.turn(message))
        self.outcomes.append(outcome)
        return outcome

    async def turn(self, message: Heard) -> Turn:
        stage = (await self.memory.recall(CONVERSATION)).state.stage
        return Turn(CONVERSATION, topic_of(message, stage), message, self.customer, "web")

    async def clicks(self, title: str) -> dict[str, Any]:
        """Click the latest button with this title."""
        buttons = [b for o in reversed(self.outcomes) for r in reversed(o["replies"]) for b in r["buttons"]]
        act, choice = read_payload(next(b["payload"] for b in buttons if title in b["title"]))
        return await self.says(title, act, choice=choice)

    async def reports(self, **heard: Any) -> dict[str, Any]:
        return await self.says("it is late", DialogueAct.REPORT_PROBLEM, challenges=(LATE,), **heard)

    async def books_a_refund(self) -> dict[str, Any]:
        """The shortest way to a booking."""
        await self.reports()
        await self.clicks("A full refund")
        return await self.clicks("Yes, please book it")


def read_payload(payload: str) -> tuple[DialogueAct, str]:
    """A clicked button as Rasa reads it: `/intent{"choice": ...}`."""
    act, brace, rest = payload.removeprefix("/").partition("{")
    return DialogueAct(act), json.loads(brace + rest)["choice"] if rest else ""


def texts(outcome: Mapping[str, Any]) -> str:
    return " ".join(re.sub(r" [12]\.", "", r["text"]) for r in outcome["replies"])
