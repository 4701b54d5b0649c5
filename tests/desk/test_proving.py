"""A stranger on the web proves who they are by a code that is mailed to them."""

import json
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.identity import Identity
from casework.ports import Link, Mail, Status
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from recovery import proving
from tests.desk.conftest import Customer, DeskUnderTest, EngineDouble, now, running_desk
from tests.recovery.builders import CUSTOMER

NOBODY = "nobody@example.com"


@dataclass
class Postbox:
    """The mail port, as a list. tests/desk/test_mailing.py has the real ones."""

    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        self.sent.append(mail)

    @property
    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.sent[-1].text)
        assert found
        return found[0]


@dataclass
class Time:
    """The desk's clock, which a test can put forward."""

    later: timedelta = timedelta()

    def __call__(self) -> datetime:
        return now() + self.later


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def mailing(
    migrated_url: str, clean: None, engine_double: EngineDouble, postbox: Postbox, time: Time
) -> AsyncIterator[DeskUnderTest]:
    crm = MemoryCrm(Company(customers=(CUSTOMER,)))
    async with running_desk(migrated_url, engine_double, crm=crm, mailer=postbox, clock=time) as running:
        yield running


async def answer_to(desk: DeskUnderTest, who: Customer, words: str, key: str = "") -> str:
    """What the desk itself answers at once."""
    response = await who.send(words, key or uuid.uuid4().hex)
    assert response.status_code == 202, response.text
    answers = [m for m in await who.messages(response.json()["seq"]) if m["author"] == "system"]
    await posted(desk)
    return str(answers[0]["text"]) if answers else ""


async def posted(desk: DeskUnderTest) -> None:
    await desk.app.state.desk.outbox.close()


def other_than(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06}"


async def customer_of(desk: DeskUnderTest, who: Customer) -> str | None:
    return (await desk.store.conversations.get(who.conversation)).customer_id


async def test_a_stranger_who_types_the_mailed_code_is_the_customer_and_the_bot_goes_on(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    stranger = await mailing.customer()
    assert await answer_to(mailing, stranger, f"my email is {CUSTOMER.email.upper()}") == "utter_code_on_its_way"
    assert postbox.sent[0].to == CUSTOMER.email
    assert await customer_of(mailing, stranger) is None
    assert (await answer_to(mailing, stranger, f"the code is {postbox.code}")).startswith("utter_code_right")
    assert await customer_of(mailing, stranger) == CUSTOMER.id
    async with stranger.events() as events:
        await events.next(author="bot")
    asked = mailing.engine.asked
    assert [(t["text"], t["metadata"]["customer_id"]) for t in asked] == [
        ('/inform{"choice": "verified"}', CUSTOMER.id)
    ]


async def test_a_code_stands_nowhere_in_clear(mailing: DeskUnderTest, postbox: Postbox, engine: AsyncEngine) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    code = postbox.code
    assert await answer_to(mailing, stranger, f"my kettle broke, {code[:3]} {code[3:]}", "k1")
    assert await answer_to(mailing, stranger, f"again: {code}") == "utter_code_used"
    async with stranger.events() as events:
        await events.next(author="bot")
    assert "kettle broke, ••••••" in json.dumps(mailing.engine.asked, ensure_ascii=False)
    spaced = f"{code[:3]} {code[3:]}"
    assert not any(each in json.dumps(mailing.engine.asked) for each in (code, spaced))
    async with engine.connect() as connection:
        tables = await connection.execute(
            text("select table_name from information_schema.tables where table_schema in ('redress', 'crm')")
        )
        schemas = dict.fromkeys(tables.scalars())
        for table in schemas:
            schema = await connection.scalar(
                text("select table_schema from information_schema.tables where table_name = :t"), {"t": table}
            )
            rows = await connection.scalars(text(f'select t::text from "{schema}"."{table}" t'))  # noqa: S608
            assert not any(each in row for row in rows for each in (code, spaced)), table


async def test_who_misses_the_mail_is_told_what_to_do_whether_or_not_one_went_out(
    mailing: DeskUnderTest, postbox: Postbox, time: Time
) -> None:
    for address in (CUSTOMER.email, NOBODY):
        who = await mailing.customer()
        assert await answer_to(mailing, who, "where's the code") == ""
        await answer_to(mailing, who, address)
        assert await answer_to(mailing, who, "wheres the code") == "utter_code_missed"
        assert await answer_to(mailing, who, "nothing in my mail yet") == "utter_code_missed"
        time.later += proving.LASTS
        assert await answer_to(mailing, who, "still no code") == ""
        time.later = timedelta()
    assert len(postbox.sent) == 1


async def test_an_address_that_nobody_has_is_answered_alike_to_the_end(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    async def tried(address: str) -> list[str]:
        who = await mailing.customer()
        heard = [await answer_to(mailing, who, address)]
        right = postbox.code if postbox.sent else "123456"
        heard += [await answer_to(mailing, who, other_than(right, n)) for n in range(1, 7)]
        return heard + [await answer_to(mailing, who, address) for _ in range(3)]

    unknown = await tried(NOBODY)
    assert postbox.sent == []
    assert await tried(CUSTOMER.email) == unknown
    assert len(postbox.sent) == 3
    assert unknown == [
        "utter_code_on_its_way",
        *["utter_code_wrong"] * 5,
        "utter_code_over",
        *["utter_code_on_its_way"] * 2,
        "utter_code_too_many",
    ]


async def test_after_five_wrong_tries_the_right_code_is_worth_nothing(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    for n in range(1, 6):  # under one and the same id: each guess counts
        await stranger.send(other_than(postbox.code, n), "the-same-id")
    assert await answer_to(mailing, stranger, postbox.code) == "utter_code_over"
    assert await customer_of(mailing, stranger) is None


async def test_guesses_spread_over_many_chats_and_addresses_alert_people_and_at_last_stop_all_codes(
    mailing: DeskUnderTest, postbox: Postbox, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "GUESSES_TELLING", 4)
    monkeypatch.setattr(proving, "GUESSES_MOST", 6)

    async def guesses(address: str, times: int) -> None:
        stranger = await mailing.customer()
        await answer_to(mailing, stranger, address)
        for n in range(times):
            await answer_to(mailing, stranger, f"{n:06}")

    await guesses("one@nowhere.example", 3)
    assert await mailing.store.alerts.open_ones() == []
    await guesses("two@nowhere.example", 3)
    assert [a.kind for a in await mailing.store.alerts.open_ones()] == ["code_guessing"]
    assert await answer_to(mailing, await mailing.customer(), CUSTOMER.email) == "utter_code_not_now"
    assert postbox.sent == []
    time.later = timedelta(hours=1, minutes=1)
    assert await answer_to(mailing, await mailing.customer(), CUSTOMER.email) == "utter_code_on_its_way"


async def test_a_code_that_comes_too_late_is_over(mailing: DeskUnderTest, postbox: Postbox, time: Time) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    time.later = timedelta(minutes=10, seconds=1)
    assert await answer_to(mailing, stranger, postbox.code) == "utter_code_over"
    assert await customer_of(mailing, stranger) is None


async def test_only_the_newest_code_counts_and_only_in_its_own_conversation(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    mine, theirs = await mailing.customer(), await mailing.customer()
    await answer_to(mailing, mine, CUSTOMER.email)
    old = postbox.code
    await answer_to(mailing, mine, CUSTOMER.email)
    assert await answer_to(mailing, mine, old) == "utter_code_wrong"
    assert await answer_to(mailing, theirs, postbox.code) == ""
    assert await customer_of(mailing, theirs) is None
    assert (await answer_to(mailing, mine, postbox.code)).startswith("utter_code_right")


async def test_an_address_gets_three_codes_an_hour_from_all_conversations(
    mailing: DeskUnderTest, postbox: Postbox, time: Time
) -> None:
    heard = [await answer_to(mailing, await mailing.customer(), CUSTOMER.email) for _ in range(4)]
    assert heard == [*["utter_code_on_its_way"] * 3, "utter_code_too_many"]
    assert len(postbox.sent) == 3
    time.later = timedelta(hours=1)
    assert await answer_to(mailing, await mailing.customer(), CUSTOMER.email) == "utter_code_on_its_way"


async def test_however_an_address_is_written_it_is_one_and_gets_its_three_codes(mailing: DeskUnderTest) -> None:
    composed, apart = "ren\u00e9@example.com", "rene\u0301@example.com"
    written = (composed, apart.upper(), f" {apart} ", composed.upper())
    heard = [await answer_to(mailing, await mailing.customer(), each) for each in written]
    assert heard == [*["utter_code_on_its_way"] * 3, "utter_code_too_many"]


async def test_a_message_sent_again_is_one_mail_and_one_try(mailing: DeskUnderTest, postbox: Postbox) -> None:
    stranger = await mailing.customer()
    for _ in range(2):
        await stranger.send(CUSTOMER.email, "ask")
    await posted(mailing)
    assert len(postbox.sent) == 1
    again = [(await stranger.send(postbox.code, "code")).json() for _ in range(2)]
    assert again[0] == again[1]
    assert await customer_of(mailing, stranger) == CUSTOMER.id


async def test_an_orders_number_told_while_a_code_is_on_its_way_is_an_ordinary_message(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    told = f"my parcel {other_than(postbox.code)} is late"
    assert await answer_to(mailing, stranger, told) == ""
    async with stranger.events() as events:
        await events.next(author="bot")
    assert [turn["text"] for turn in mailing.engine.asked] == [told]


async def test_a_code_that_is_corrected_into_a_message_is_hidden_too(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    await answer_to(mailing, stranger, "hello there", "typo")
    assert await mailing.app.state.desk.intake.correct(stranger.conversation, "typo", postbox.code)
    assert any(m["text"] == "••••••" for m in await stranger.messages())


async def test_while_a_person_has_it_a_code_verifies_and_the_person_does_not_see_it(
    mailing: DeskUnderTest, postbox: Postbox, priya: Any
) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    senior = type(priya)(priya.id, priya.email, priya.name, "senior")
    await mailing.ownership.take_over(stranger.conversation, senior)
    assert (await answer_to(mailing, stranger, postbox.code)).startswith("utter_code_right")
    held = [m for m in await mailing.store.messages.all(stranger.conversation) if m.status is Status.HELD]
    assert [m.text for m in held] == ["••••••"]
    assert await customer_of(mailing, stranger) == CUSTOMER.id


async def test_the_browser_in_which_the_code_was_typed_comes_back_without_one_for_a_while(
    mailing: DeskUnderTest, postbox: Postbox, time: Time
) -> None:
    stranger = await mailing.customer()
    await answer_to(mailing, stranger, CUSTOMER.email)
    await answer_to(mailing, stranger, postbox.code)
    assert (await mailing.customer(resume=stranger.session)).conversation == stranger.conversation
    time.later = timedelta(hours=11, minutes=59)
    back = await mailing.customer(resume=stranger.session)
    assert back.conversation == stranger.conversation
    time.later = timedelta(hours=12, minutes=1)
    assert (await mailing.customer(resume=back.session)).conversation != stranger.conversation


async def test_who_signs_out_in_the_browser_in_which_they_typed_the_code_is_a_stranger_there_again(
    mailing: DeskUnderTest, postbox: Postbox
) -> None:
    ada = await mailing.customer()
    await answer_to(mailing, ada, CUSTOMER.email)
    async with ada.events() as other_tab:
        await other_tab.next("owner", proved=False)
        await answer_to(mailing, ada, postbox.code)
        await other_tab.next("owner", proved=True)
        answer = await mailing.http.post("/chat/unlink", headers=ada.bearer)
        assert answer.status_code == 201, answer.text
        with pytest.raises(EOFError):
            await other_tab.next("owner", proved=False)
    stranger = Customer(ada.http, answer.json()["session"], answer.json()["conversation"])
    assert answer.json()["name"] is None
    assert stranger.conversation != ada.conversation
    assert [m["text"][:19] for m in await stranger.messages()] == ["utter_chat_unlinked"]
    assert await customer_of(mailing, stranger) is None
    assert await customer_of(mailing, ada) == CUSTOMER.id  # what was said and agreed stays the customer's
    assert (await ada.send("and the kettle?")).status_code == 401
    assert (await mailing.customer(resume=ada.session)).conversation != ada.conversation


async def test_in_a_browser_where_nobody_typed_a_code_there_is_nothing_to_sign_out_of(mailing: DeskUnderTest) -> None:
    stranger = await mailing.customer()
    of_the_shop = await mailing.customer(mailing.tokens.sign_identity(Identity(CUSTOMER.id, "Ada Moss")))
    answers = [await mailing.http.post("/chat/unlink", headers=who.bearer) for who in (stranger, of_the_shop)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert [answer.json()["detail"] for answer in answers] == [
        "Nobody has signed in to this chat, so there is nothing to undo.",
        "It is the shop that you are signed in to. Sign out there.",
    ]


async def test_signing_out_ends_what_rests_on_the_same_proof_and_nothing_else(mailing: DeskUnderTest) -> None:
    links, at = mailing.store.identities, now()
    typed = Link("web", "c1", CUSTOMER.id, "email_code", at)
    others = (
        Link("web", "c3", CUSTOMER.id, "email_code", at + timedelta(seconds=1)),  # typed in another browser
        Link("web", "c4", "4712", "email_code", at),
        Link("telegram", "7", CUSTOMER.id, "email_code", at),
    )
    for link in (typed, replace(typed, channel_user="c2"), *others):
        await links.link(link)
    await links.forget(typed, at + timedelta(minutes=1))
    assert [await links.of("web", "c1"), await links.of("web", "c2")] == [None, None]
    assert tuple([await links.of(link.channel, link.channel_user) for link in others]) == others
