"""The chaos run finds what must not be, and is the same for the same seed."""

from datetime import UTC, datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from redress.chaos.checks import findings, told_apart
from redress.chaos.owners import OwnerWatch
from redress.chaos.plan import Plan, kills
from redress.chaos.stored import Stored
from redress.chaos.transcript import Acknowledged, Seen, Transcript
from store.sql_store import SqlStore
from store.tables import conversations


class Kept:
    """A conversation that went well: a message, its answer, a case with one compensation, and what was seen of it."""

    def __init__(self) -> None:
        self.messages = [
            self.message(1, "customer", "late!", key="k1", status="answered"),
            self.message(2, "bot", "Sorry.", answers="m1"),
            self.message(3, "customer", "thanks", key="k2", status="answered"),
            self.message(4, "bot", "You're welcome.", answers="m3"),
        ]
        self.conversations = [SimpleNamespace(id="c1", owner="bot", agent_id=None, closed_at=None, customer_id="C1")]
        self.handoffs: list[Any] = []
        self.cases = [self.case(1, "c1")]
        self.deliveries: list[Any] = []
        self.compensations = [SimpleNamespace(case_id=1, remedy="voucher")]
        self.transcript = Transcript("somebody", "web")
        self.transcript.acknowledged = [Acknowledged("c1", "k1", "late!"), Acknowledged("c1", "k2", "thanks")]
        self.transcript.seen = [Seen("c1", m.seq, m.id, m.author, m.text) for m in self.messages]

    @staticmethod
    def case(number: int, conversation: str, customer: str | None = "C1") -> Any:
        told = {"order_id": "10", "challenge": "late_delivery", "customer_id": customer}
        return SimpleNamespace(id=number, conversation_id=conversation, **told)

    @staticmethod
    def message(
        seq: int, author: str, text: str, *, key: str | None = None, answers: str | None = None, status: str = "ready"
    ) -> Any:
        return SimpleNamespace(
            id=f"m{seq}",
            conversation_id="c1",
            seq=seq,
            author=author,
            text=text,
            channel_message_id=key,
            in_reply_to=answers,
            status=status,
            meta={},
        )

    def found(self) -> list[str]:
        stored = Stored(
            self.messages, self.conversations, self.handoffs, self.cases, self.compensations, self.deliveries
        )
        return sorted({finding.kind for finding in findings([self.transcript], stored)})


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_where_all_went_well_nothing_is_found(kept: Kept) -> None:
    assert kept.found() == []


def test_a_message_that_was_acknowledged_and_is_not_stored_is_found(kept: Kept) -> None:
    kept.transcript.acknowledged.append(Acknowledged("c1", "k3", "hello?"))
    assert kept.found() == ["lost message"]


def test_a_message_that_is_stored_twice_or_with_other_words_is_found(kept: Kept) -> None:
    kept.messages[2].channel_message_id = "k1"
    assert "doubled message" in kept.found()
    kept.messages[0].text = "early!"
    assert "changed message" in kept.found()


def test_messages_that_are_stored_in_another_order_are_found(kept: Kept) -> None:
    kept.transcript.acknowledged.reverse()
    assert kept.found() == ["wrong order"]


def test_a_reply_that_was_shown_twice_or_never_is_found(kept: Kept) -> None:
    kept.transcript.seen.append(kept.transcript.seen[-1])
    assert kept.found() == ["repeated reply"]
    kept.transcript.seen = [one for one in kept.transcript.seen[:4] if one.place != 2]
    assert kept.found() == ["lost reply"]


def test_a_reply_that_is_not_stored_as_it_was_shown_is_found(kept: Kept) -> None:
    kept.messages[1].text = "Something else."
    assert kept.found() == ["unknown reply"]


def test_a_withheld_reply_that_was_shown_is_found(kept: Kept) -> None:
    kept.messages[3].status = "withheld"
    assert kept.found() == ["unknown reply"]


def test_an_answer_that_was_given_twice_and_a_message_that_has_none_are_found(kept: Kept) -> None:
    kept.messages.append(kept.message(5, "bot", "You're welcome.", answers="m3"))
    kept.messages[0].status = "received"
    assert kept.found() == ["doubled reply", "unanswered"]


def test_an_outage_that_is_told_twice_is_found_and_advice_beside_it_is_none(kept: Kept) -> None:
    kept.messages[1:] = [kept.message(n, "system", f"Notice {n}.", answers="m1") for n in (2, 3)]
    kept.messages[2].meta = {"procedure": "injury_or_fire"}
    assert "doubled notice" not in kept.found()
    kept.messages[2].meta = {}
    assert "doubled notice" in kept.found()


def test_a_gap_in_the_numbers_is_found(kept: Kept) -> None:
    kept.messages.append(kept.message(6, "system", "Hello."))
    assert kept.found() == ["gap"]


@pytest.mark.parametrize(
    ("owner", "agent", "claims"),
    [
        ("bot", None, [None]),
        ("bot", "u1", []),
        ("queue", None, []),
        ("queue", None, ["u1"]),
        ("agent", "u1", []),
        ("agent", "u1", ["u2"]),
    ],
)
def test_a_conversation_with_two_owners_or_none_is_found(
    kept: Kept, owner: str, agent: str | None, claims: list[str | None]
) -> None:
    kept.conversations[0].owner, kept.conversations[0].agent_id = owner, agent
    kept.handoffs = [SimpleNamespace(conversation_id="c1", claimed_by=by) for by in claims]
    assert kept.found() == ["owner"]


def test_a_closed_conversation_that_somebody_owns_is_found(kept: Kept) -> None:
    kept.conversations[0].owner, kept.conversations[0].closed_at = "queue", datetime.now(UTC)
    kept.handoffs = [SimpleNamespace(conversation_id="c1", claimed_by=None)]
    assert kept.found() == ["owner"]


def test_a_second_case_of_one_problem_and_a_second_gift_are_found(kept: Kept) -> None:
    kept.cases *= 2
    kept.compensations *= 2
    assert kept.found() == ["doubled case", "doubled compensation"]


def test_a_second_case_of_one_customers_problem_on_their_other_channel_is_counted(kept: Kept) -> None:
    def apart(*cases: Any) -> int:
        return told_apart(Stored([], [], [], cases, [], []))

    assert apart(kept.case(1, "c1")) == 0
    assert apart(kept.case(1, "c1"), kept.case(2, "c2"), kept.case(3, "c2", "C2")) == 1
    assert apart(kept.case(1, "c1", None), kept.case(2, "c2", None)) == 0  # two strangers


def test_a_customer_who_is_not_known_as_themselves_is_found(kept: Kept) -> None:
    kept.transcript.customer = "C1"
    assert kept.found() == []
    kept.conversations[0].customer_id = None
    assert kept.found() == ["wrong customer"]


async def test_two_owners_or_none_are_found_though_all_is_well_at_the_end(clean: None, engine: AsyncEngine) -> None:
    store, watch = SqlStore(engine), OwnerWatch(engine)
    opened = await store.conversations.open_for("web", "stranger:1", datetime.now(UTC))
    await watch.look()
    assert watch.findings == []
    async with engine.begin() as connection:
        await connection.execute(update(conversations).values(owner="queue"))
    await watch.look()
    async with engine.begin() as connection:
        await connection.execute(update(conversations).values(owner="bot"))
    await watch.look()
    told = f"conversation {opened.id} is the queue's (agent None), with open handoffs claimed by: none"
    assert [(one.kind, one.sentence) for one in watch.findings] == [("owner meanwhile", told)]
    assert watch.looks == 3


@pytest.fixture
def phone(kept: Kept) -> Kept:
    """The same on Telegram, whose own numbers the messages have there."""
    kept.transcript.channel = "telegram"
    kept.transcript.seen = [
        Seen("c1", number, str(number), "bot", text) for number, text in ((11, "Sorry."), (13, "…"))
    ]
    for message in kept.messages:
        message.status = "delivered" if message.author == "bot" else message.status
    kept.deliveries = [
        SimpleNamespace(message_id="m2", conversation_id="c1", channel_ids=["11"], repeated=0),
        SimpleNamespace(message_id="m4", conversation_id="c1", channel_ids=["13"], repeated=0),
    ]
    return kept


def test_a_phone_that_was_shown_everything_once_is_well(phone: Kept) -> None:
    assert phone.found() == []


def test_a_message_that_came_twice_is_found_unless_its_first_send_was_cut_off_by_a_kill(phone: Kept) -> None:
    phone.transcript.seen.append(Seen("c1", 12, "12", "bot", "…"))
    assert phone.found() == ["repeated reply"]
    phone.deliveries[1].repeated = 1
    assert phone.found() == []


def test_of_a_message_whose_sends_were_cut_off_twice_two_more_may_have_come_and_no_third(phone: Kept) -> None:
    phone.deliveries[1].repeated = 2
    phone.transcript.seen += [Seen("c1", 14, "14", "bot", "…"), Seen("c1", 15, "15", "bot", "…")]
    assert phone.found() == []
    phone.transcript.seen.append(Seen("c1", 16, "16", "bot", "…"))
    assert phone.found() == ["repeated reply"]


def test_a_message_that_never_came_and_one_that_came_too_early_are_found(phone: Kept) -> None:
    phone.deliveries[0].channel_ids = ["14"]
    assert phone.found() == ["lost reply", "repeated reply", "wrong order"]
    phone.messages[3].status = "ready"
    assert "lost reply" in phone.found()


def test_the_same_seed_kills_the_same_processes_after_the_same_pauses() -> None:
    victims = ["desk", "engine", "actions", "database"]
    first, again, other = (list(islice(kills(Plan(seed, 60), victims), 12)) for seed in (5, 5, 6))
    assert first == again != other
    assert all({name for _, name in first[n : n + 4]} == set(victims) for n in (0, 4, 8))
