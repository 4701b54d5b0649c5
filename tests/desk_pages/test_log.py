"""The supervisors' log: search, numbers, and one conversation with all its evidence."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from casework.ports import Staff
from casework.read_records import Search
from store import searching
from store.tables import conversations, messages, surveys

NOW = datetime.now(UTC)


@pytest.fixture
async def three(company: Any, asha: Staff) -> dict[str, str]:
    """Maya furious with an agent, Edith waiting on Telegram, Grace with the bot."""
    maya = await company.hands_over()
    await company.says(maya, "the kettle was a wedding present")
    await company.app.state.desk.ownership.claim(maya, asha)
    edith = await company.opens("C020", "Edith Wainwright", "telegram")
    await company.says(
        edith, "my washing machine is lost", challenges=["lost_parcel"], triggers={"vulnerability": ["I am 81"]}
    )
    grace = await company.opens("C009", "Grace Holloway")
    await company.says(grace, "you charged me twice for the parcel", challenges=["billing_error"], level=1)
    return {"maya": maya, "edith": edith, "grace": grace}


SEARCHES: list[tuple[dict[str, str], set[str]]] = [
    ({}, {"maya", "edith", "grace"}),
    ({"words": "wedding presents"}, {"maya"}),
    ({"words": '"washing machine" -kettle'}, {"edith"}),
    ({"words": "zebra"}, set()),
    ({"channel": "telegram"}, {"edith"}),
    ({"challenge": "billing_error"}, {"grace"}),
    ({"frustration": "2"}, {"maya"}),
    ({"owner": "agent"}, {"maya"}),
    ({"owner": "queue"}, {"edith"}),
    ({"owner": "bot"}, {"grace"}),
    ({"outcome": "handed_over"}, {"maya", "edith"}),
    ({"outcome": "none"}, {"grace"}),
    ({"from": "2001-01-01", "to": "2001-01-02"}, set()),
    ({"from": (NOW - timedelta(days=2)).date().isoformat()}, {"maya", "edith", "grace"}),
    ({"owner": "queue", "channel": "web"}, set()),
    ({"from": "not a date"}, {"maya", "edith", "grace"}),
    ({"words": "'; drop table users; --"}, set()),
]


async def test_the_search_finds_what_was_asked_for(company: Any, vera: Staff, three: dict[str, str]) -> None:
    async with company.browser(vera) as browser:
        for asked, found in SEARCHES:
            shown = await browser.page("/desk/log", **asked)
            assert {name for name, key in three.items() if f"/desk/log/{key}" in shown} == found, asked
            assert f"{len(found)} conversation" in shown


async def test_common_words_are_found_as_rare_ones_are(
    company: Any, three: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in (5000, 0):
        monkeypatch.setattr(searching, "FEW", few)
        page = await company.reading.search(Search(words="wedding"), None)
        assert [row.conversation.id for row in page.rows] == [three["maya"]]
        assert await company.reading.count(Search(words="wedding")) == 1


async def test_the_search_finds_an_agents_own(company: Any, vera: Staff, asha: Staff, three: dict[str, str]) -> None:
    async with company.browser(vera) as browser:
        shown = await browser.page("/desk/log", owner=f"agent:{asha.id}")
    assert three["maya"] in shown
    assert three["edith"] not in shown


async def test_pages_follow_each_other_without_gaps_or_repeats(company: Any) -> None:
    at = NOW - timedelta(days=1)
    rows = [
        {"id": f"k{i:03}", "channel": "web", "channel_user": f"u{i}", "opened_at": at, "next_seq": 2}
        | {"last_message_at": at + timedelta(seconds=i // 3)}  # several at one instant
        for i in range(23)
    ]
    async with company.store.database.begin() as connection:
        await connection.execute(insert(conversations).values(rows))
    seen: list[str] = []
    after = None
    while True:
        page = await company.reading.search(Search(), after, limit=5)
        seen += [row.conversation.id for row in page.rows]
        if (after := page.next) is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 23
    assert await company.reading.count(Search(), most=10) == 11  # it does not count on


async def test_a_chat_in_which_nobody_wrote_is_not_in_the_log(company: Any) -> None:
    await company.opens("C028", "Dev Kapoor")
    assert (await company.reading.search(Search(), None)).rows == []
    assert (await company.reading.overview(NOW - timedelta(days=1))).conversations == 0


async def test_no_conversation_counts_as_both_contained_and_handed_over(company: Any, three: dict[str, str]) -> None:
    async with company.store.database.begin() as connection:
        for case, rating in (("1", 5), ("2", 4), ("3", 2), ("4", None)):
            row = {"case_id": case, "conversation_id": three["grace"], "rating": rating, "asked_at": NOW}
            await connection.execute(insert(surveys).values(**row, answered_at=NOW if rating else None))
    found = await company.reading.overview(NOW - timedelta(hours=1))
    assert (found.conversations, found.handed_over, found.contained) == (3, 2, 1)
    assert (found.satisfied, found.rated) == (2, 3)
    assert found.claimed == 1
    assert timedelta(0) <= found.median_wait < timedelta(minutes=1)


async def test_the_numbers_show_what_they_were_counted_from(company: Any, vera: Staff, three: dict[str, str]) -> None:
    async with company.browser(vera) as browser:
        shown = await browser.page("/desk/log")
    assert "2 of 3" in shown
    assert "1 of 3" in shown
    assert "n = 0" in shown


async def test_a_conversation_is_shown_with_what_was_heard_and_decided(
    company: Any, vera: Staff, three: dict[str, str]
) -> None:
    async with company.browser(vera) as browser:
        shown = await browser.page(f"/desk/log/{three['maya']}")
    for expected in (
        "Request human",
        "97%",
        "Late delivery",
        "91%",
        "<q>the second time!!</q>",
        "Human request",
        "Hand over",
        "playbook 20",
        "Queued",
        "Claimed",
        "by Asha Verma",
        "First reply",
        "Inputs",
    ):
        assert expected in shown, expected


async def test_the_rules_that_nearly_fired_are_told(company: Any, vera: Staff) -> None:
    maya = await company.opens("C001", "Maya Fletcher")
    await company.says(maya, "where is my parcel, it is late", challenges=["late_delivery"])
    async with company.browser(vera) as browser:
        assert "Nearly fired" in await browser.page(f"/desk/log/{maya}")


async def test_later_steps_stand_beside_the_messages_that_did_them(company: Any, vera: Staff) -> None:
    grace = await company.opens("C009", "Grace Holloway")
    await company.says(grace, "you charged me twice", challenges=["billing_error"])
    async with company.browser(vera) as browser:
        shown = await browser.page(f"/desk/log/{grace}")
    for step in ("listen", "apologise", "thank", "explain", "resolve"):
        assert f'class="step {step}"' in shown


async def test_withheld_messages_are_marked(company: Any, vera: Staff, three: dict[str, str]) -> None:
    first = (await company.store.messages.all(three["grace"]))[-1]
    async with company.store.database.begin() as connection:
        await connection.execute(update(messages).where(messages.c.id == first.id).values(status="withheld"))
    async with company.browser(vera) as browser:
        assert "withheld: a person had taken over" in await browser.page(f"/desk/log/{three['grace']}")


async def test_an_alert_is_acknowledged_once(company: Any, vera: Staff, three: dict[str, str]) -> None:
    async with company.browser(vera) as browser:
        alerts = await company.store.alerts.open_ones()
        path = f"/desk/alerts/{alerts[0].id}/acknowledge"
        assert f'Alerts <span class="count" data-count="alerts">{len(alerts)}</span>' in await browser.page("/desk")
        assert (await browser.do(path)).status_code == 200
        again = await browser.do(path)
        assert again.status_code == 409
        assert again.json() == {"error": "Somebody acknowledged this alert before you."}
        assert path not in await browser.page("/desk/alerts")
        assert "Vera Holm" in await browser.page("/desk/alerts", show="all")


async def test_a_scorecard_links_each_mark_to_its_messages(company: Any, vera: Staff, asha: Staff) -> None:
    maya = await company.hands_over()
    await company.app.state.desk.ownership.claim(maya, asha)
    async with company.browser(asha) as agent:
        form = {"text": "Maya, I'm sorry you had to chase us.", "id": "said-once"}
        assert (await agent.do(f"/desk/conversations/{maya}/messages", **form)).status_code == 200
    said = (await company.store.messages.all(maya))[-1]
    async with company.browser(vera) as browser:
        shown = await browser.page(f"/desk/log/{maya}")
    card = shown[shown.index('class="card scorecard"') : shown.index("<h2>Transcript")]
    for expected in ("The whole conversation", "The bot", "The agent", "of 100", "No repeated apology"):
        assert expected in card
    assert f'href="#message-{said.id}"' in card


async def test_the_log_tells_how_much_frustration_eased_after_our_answer(company: Any, vera: Staff) -> None:
    grace = await company.opens("C009", "Grace Holloway")
    await company.says(grace, "you charged me twice for the rug, again", challenges=["billing_error"], level=2)
    async with company.browser(vera) as browser:
        assert "Nothing written since." in await browser.page(f"/desk/log/{grace}")
        await company.says(grace, "ok, the first one", act="accept_offer", topic="answer_offer", level=0)
        shown = await browser.page(f"/desk/log/{grace}")
        today = re.sub(r"<[^>]+>", " ", await browser.page("/desk"))
    assert "Before our answer: frustrated. Since: calm, eased by 2." in " ".join(shown.split())
    assert "Eased 100% 1 of 1 who were upset" in " ".join(today.split())
