"""The queue: what it shows, and who gets a conversation."""

import asyncio
import json
from typing import Any

import pytest

from casework.errors import Unavailable
from casework.ports import Staff
from casework.staff import SignIn


async def test_the_queue_says_who_waits_and_why(company: Any, asha: Staff) -> None:
    await company.hands_over()
    async with company.browser(asha) as browser:
        shown = await browser.page("/desk")
    for expected in ("Maya Fletcher", "Late delivery", "frustrated", "Care team", "A person was asked for."):
        assert expected in shown
    assert "The customer asked for a person: “my parcel still is not here" in shown
    assert "data-since=" in shown


async def test_each_view_shows_its_own(company: Any, asha: Staff, ben: Staff) -> None:
    maya, edith = await company.hands_over(), await company.hands_over("C020", "Edith Wainwright")
    ted = await company.hands_over("C018", "Ted Lambourne")
    ownership = company.app.state.desk.ownership
    await ownership.claim(maya, asha)
    await ownership.claim(ted, ben)
    async with company.browser(asha) as browser:
        found = {view: (await browser.get("/desk/queue", view=view)).json() for view in ("waiting", "mine", "all")}
    assert found["all"]["sizes"] == {"waiting": 1, "mine": 1, "all": 3}
    shown = {view: {c for c in (maya, edith, ted) if c in answer["html"]} for view, answer in found.items()}
    assert shown == {"waiting": {edith}, "mine": {maya}, "all": {maya, edith, ted}}
    assert "Ben Archer" in found["all"]["html"]


async def test_of_two_simultaneous_claims_one_wins_and_the_loser_is_told_who(
    company: Any, asha: Staff, ben: Staff
) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as one, company.browser(ben) as other:
        tokens = await one.csrf(), await other.csrf()
        path = f"/desk/conversations/{conversation}/claim"
        answers = await asyncio.gather(one.do(path, tokens[0]), other.do(path, tokens[1]))
    won = 0 if answers[0].status_code == 200 else 1
    winner = (asha, ben)[won]
    assert answers[1 - won].status_code == 409
    assert answers[1 - won].json() == {"error": f"{winner.name} has already taken this conversation."}
    now = await company.store.conversations.get(conversation)
    assert (now.owner, now.agent_id) == ("agent", winner.id)
    joined = [m for m in await company.store.messages.all(conversation) if m.author == "system"]
    assert len(joined) == 1
    assert winner.first_name in joined[0].text


async def test_a_claim_works_from_a_plain_form_too(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as browser:
        form = {"csrf": await browser.csrf()}
        answer = await browser.http.post(f"/desk/conversations/{conversation}/claim", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/conversations/{conversation}"


async def test_open_pages_hear_of_a_new_arrival_and_hear_no_content(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        news: list[dict[str, Any]] = []
        arrived = asyncio.Event()

        async def listen() -> None:
            async with browser.http.stream("GET", "/desk/stream") as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        news.append(json.loads(line.removeprefix("data: ")))
                        arrived.set()

        listening = asyncio.create_task(listen())
        await asyncio.wait_for(arrived.wait(), 5)
        conversation = await company.hands_over()
        while not any(n["k"] == "queue" for n in news):
            arrived.clear()
            await asyncio.wait_for(arrived.wait(), 5)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert conversation in {n["c"] for n in news}
    assert all(set(n) <= {"c", "k", "who", "on"} for n in news)


async def test_the_stream_ends_with_the_session(company: Any, asha: Staff) -> None:
    from desk.pages.stream import news

    parts_of = company.app.state.desk
    token = await company.sign_ins.sign_in(asha.email, "correct horse battery", "127.0.0.1")
    told = news(parts_of.live, company.sign_ins, token, beat=0.05)
    first = await anext(told)
    await company.sign_ins.sign_out(token)
    rest = [event async for event in told]
    assert first.event == "news"
    assert rest[-1].event == "signed-out"


async def test_the_stream_ends_quietly_where_the_database_is_away(
    company: Any, asha: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.pages.stream import news

    token = await company.sign_ins.sign_in(asha.email, "correct horse battery", "127.0.0.1")
    told = news(company.app.state.desk.live, company.sign_ins, token, beat=0.05)
    await anext(told)

    async def away(sign_ins: SignIn, token: str) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(SignIn, "who", away)
    rest = [event.event async for event in told]
    assert "signed-out" not in rest, "whoever is signed in comes again"
