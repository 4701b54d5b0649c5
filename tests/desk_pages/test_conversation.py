"""The conversation screen: the packet, the chat both ways, and the ends of a handoff."""

import asyncio
import re
from typing import Any

import pytest

from casework.ports import Staff

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} javascript:alert(3)"


async def _claimed(company: Any, agent: Staff, **whose: str) -> str:
    conversation: str = await company.hands_over(**whose)
    await company.app.state.desk.ownership.claim(conversation, agent)
    return conversation


async def test_every_cited_record_is_on_the_page_that_cites_it(company: Any, asha: Staff) -> None:
    conversation = await _claimed(
        company, asha, customer_id="C022", name="Helena Novák", words="again! a person please"
    )
    async with company.browser(asha) as browser:
        shown = await browser.page(f"/desk/conversations/{conversation}")
    links = set(re.findall(r'class="cite" href="#([^"]+)"', shown))
    assert links
    for anchor in links:
        assert f'id="{anchor}"' in shown
    assert "cite gone" not in shown


async def test_who_does_not_have_it_still_reads_every_cited_record_and_no_other(
    company: Any, asha: Staff, ben: Staff
) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as owner, company.browser(ben) as other:
        path = f"/desk/conversations/{conversation}"
        whole, part = await owner.page(path), await other.page(path)
    pattern = r'id="((?:order-event|case|interaction|compensation)-[^"]+)"'
    everything, cited = set(re.findall(pattern, whole)), set(re.findall(pattern, part))
    assert cited < everything
    assert cited == {a for a in re.findall(r'class="cite" href="#([^"]+)"', part) if not a.startswith("message-")}


async def test_a_stranger_is_shown_without_any_history(company: Any, asha: Staff) -> None:
    conversation = await company.opens(None, "")
    await company.says(conversation, "somebody please", act="request_human", topic="person")
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with company.browser(asha) as browser:
        shown = await browser.page(f"/desk/conversations/{conversation}")
    assert "This customer is not verified, so no history is shown." in shown
    assert "The customer is not verified, so nothing can be booked for them yet." in shown


async def test_scripts_in_a_message_are_text_wherever_they_are_shown(company: Any, asha: Staff, vera: Staff) -> None:
    conversation = await _claimed(company, asha, words=f"I want a person {SCRIPT}")
    await company.app.state.desk.ownership.note(conversation, asha, SCRIPT)
    async with company.browser(asha) as agent, company.browser(vera) as supervisor:
        pages = [
            await agent.page(f"/desk/conversations/{conversation}"),
            await agent.page("/desk?view=mine"),
            (await agent.get(f"/desk/conversations/{conversation}/messages")).json()["html"],
            (await agent.get(f"/desk/conversations/{conversation}/pieces")).json()["side"],
            (await agent.get("/desk/rail")).json()["html"],
            await supervisor.page("/desk/log", words="alert"),
            await supervisor.page(f"/desk/log/{conversation}"),
        ]
    for shown in pages:
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt; (\S+)", shown)


async def test_the_agents_words_reach_the_customer_once(company: Any, asha: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as browser:
        token, path = await browser.csrf(), f"/desk/conversations/{conversation}/messages"
        answers = await asyncio.gather(*(browser.do(path, token, text="Hello Maya.", id="k1") for _ in range(4)))
        again = await browser.do(path, token, text="Hello Maya.", id="k1")
        other = await browser.do(path, token, text="Hello Maya.", id="k2")
    assert {a.status_code for a in (*answers, again, other)} == {200}
    said = [m for m in await company.store.messages.all(conversation) if m.author == "agent"]
    assert [m.text for m in said] == ["Hello Maya.", "Hello Maya."]
    assert said[0].author_name == "Asha"
    handoff = await company.store.handoffs.open_one(conversation)
    assert handoff.first_reply_at is not None


async def test_only_the_owner_speaks_and_the_others_are_told_why(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(ben) as browser:
        answer = await browser.do(f"/desk/conversations/{conversation}/messages", text="Hello", id="k1")
    assert answer.status_code == 409
    assert answer.json() == {"error": "This conversation is not yours: it belongs to Asha Verma."}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("   ", "Your reply is empty. Write something first."),
        ("x" * 4001, "Your reply is too long: at most 4000 characters."),
    ],
)
async def test_a_reply_that_is_none_is_refused_in_a_sentence(
    company: Any, asha: Staff, text: str, sentence: str
) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as browser:
        answer = await browser.do(f"/desk/conversations/{conversation}/messages", text=text, id="k1")
    assert answer.status_code == 400
    assert answer.json() == {"error": sentence}


async def test_an_open_page_gets_what_is_new_and_only_that(company: Any, asha: Staff) -> None:
    conversation = await _claimed(company, asha)
    path = f"/desk/conversations/{conversation}/messages"
    async with company.browser(asha) as browser:
        first = (await browser.get(path)).json()
        await company.says(conversation, "are you still there?")
        await company.app.state.desk.ownership.note(conversation, asha, "a note")
        second = (await browser.get(path, after=first["last"], note=first["note"])).json()
        third = (await browser.get(path, after=second["last"], note=second["note"])).json()
    assert "are you still there?" in second["html"]
    assert "a note" in second["html"]
    assert "talk to a person" not in second["html"]
    assert second["authors"] == ["customer"]
    assert third["html"].strip() == ""


async def test_a_note_is_not_the_customers_to_see(company: Any, asha: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as browser:
        await browser.do(f"/desk/conversations/{conversation}/notes", text="the depot is slow")
        assert "the customer does not see it" in await browser.page(f"/desk/conversations/{conversation}")
    visible = await company.store.messages.visible(conversation, 0)
    assert all("depot" not in m.text for m in visible)


async def test_given_back_the_bot_answers_again(company: Any, asha: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as browser:
        answer = await browser.do(f"/desk/conversations/{conversation}/return")
        assert answer.json()["to"] == "/desk?view=mine"
        assert (await company.store.conversations.get(conversation)).owner == "bot"
        await company.says(conversation, "thanks", act="thank", topic="small_talk")
    assert (await company.store.messages.all(conversation))[-1].author == "bot"


async def test_nothing_is_resolved_in_the_crm_while_the_customer_has_written_what_nobody_has_read(
    company: Any, asha: Staff
) -> None:
    conversation = await _claimed(company, asha)
    before = (await company.reading.handoffs(conversation))[0].packet["problems"][0]["case_id"]
    status = (await company.crm.case(before)).status
    async with company.browser(asha) as browser:
        refused = await browser.do(
            f"/desk/conversations/{conversation}/resolve", cause="", words="A mix-up", seen="0"
        )
    assert refused.status_code == 409
    assert (await company.crm.case(before)).status == status


@pytest.mark.parametrize(
    ("cause", "words", "root"),
    [
        ("strike", "", "strike"),
        ("strike", "third week", "strike: third week"),
        ("other", "our own error", "our own error"),
    ],
)
async def test_a_conversation_is_resolved_with_its_root_cause(
    company: Any, asha: Staff, cause: str, words: str, root: str
) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as browser:
        path = f"/desk/conversations/{conversation}/resolve"
        nothing = await browser.do(path, cause="", words="")
        assert nothing.status_code == 400
        assert (await browser.do(path, cause=cause, words=words)).status_code == 200
    handoff = (await company.reading.handoffs(conversation))[0]
    assert (handoff.ended_how, handoff.root_cause) == ("resolved", root)
    case_id = handoff.packet["problems"][0]["case_id"]
    case = await company.crm.case(case_id)
    assert (case.status, case.root_cause) == ("resolved", root)


async def test_a_senior_may_take_over_and_an_agent_may_not(company: Any, asha: Staff, ben: Staff, sol: Staff) -> None:
    conversation = await _claimed(company, asha)
    path = f"/desk/conversations/{conversation}/take-over"
    async with company.browser(ben) as agent, company.browser(sol) as senior:
        refused = await agent.do(path)
        taken = await senior.do(path)
    assert refused.status_code == 422
    assert taken.status_code == 200
    assert (await company.store.conversations.get(conversation)).agent_id == sol.id


async def test_the_customer_sees_typing_only_while_the_owner_types(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(asha) as owner, company.browser(ben) as other:
        with company.app.state.desk.live.watch(conversation) as watch:
            await other.do(f"/desk/conversations/{conversation}/typing", on="1")
            await owner.do(f"/desk/conversations/{conversation}/typing", on="1")
            signals = await watch.next(within=5)
    assert [dict(s.data) for s in signals if s.kind == "typing"] == [{"who": "agent", "on": True}]


async def test_without_the_crm_the_conversation_goes_on(company: Any, asha: Staff, monkeypatch: Any) -> None:
    from casework.errors import Unavailable

    async def down(*_: Any) -> None:
        raise Unavailable("The CRM does not answer.")

    conversation = await _claimed(company, asha)
    monkeypatch.setattr(type(company.crm), "history", down)
    async with company.browser(asha) as browser:
        shown = await browser.page(f"/desk/conversations/{conversation}")
        sent = await browser.do(f"/desk/conversations/{conversation}/messages", text="Still here.", id="k1")
    assert "cannot be read just now" in shown
    assert sent.status_code == 200
