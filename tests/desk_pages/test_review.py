"""Messages collect for review without the person in them; supervisors label them; agents correct the bot."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from casework.learning import Learning
from casework.ports import Staff
from casework.ports.learning import Daily, ReviewStatus, Wanted
from recovery.labels import read_labels
from store.tables import review_items, review_sources

UNSURE = {"challenges": ["damaged_item"], "sure": 0.4}
WORDS = "i'm Maya, order 10482 came with a dent, ring me on 07911 123456"


async def unsure(company: Any, words: str = WORDS, customer: str = "C001", name: str = "Maya Fletcher") -> str:
    """A customer writes what the NLU is not sure of; it is noted. Returns the conversation."""
    conversation = await company.opens(customer, name)
    await company.says(conversation, words, **UNSURE)
    await learning(company).note()
    return str(conversation)


def learning(company: Any) -> Learning:
    found: Learning = company.parts.learning
    return found


async def only_item(company: Any) -> Any:
    items = (await learning(company).reviews.list(Wanted(), None)).rows
    assert len(items) == 1
    return items[0]


async def test_a_doubtful_message_waits_for_review_without_the_person(company: Any) -> None:
    await unsure(company)
    item = await only_item(company)
    assert item.text == "i'm Alex, order 54321 came with a dent, ring me on 07700 900123"
    assert item.why == ("unsure_act",)


async def test_what_is_stored_for_review_names_nobody_anywhere(company: Any) -> None:
    await unsure(company)
    async with company.store.database.single() as connection:
        row = (await connection.execute(select(review_items))).one()
    assert not any(secret in str(tuple(row)) for secret in ("Maya", "10482", "07911"))


async def test_a_sure_message_is_not_collected(company: Any) -> None:
    conversation = await company.opens("C001", "Maya Fletcher")
    await company.says(conversation, "my parcel is late", challenges=["late_delivery"])
    await learning(company).note()
    assert await learning(company).reviews.count(Wanted()) == 0


async def test_the_same_words_of_two_customers_wait_once(company: Any) -> None:
    await unsure(company, "order 10482 is dented")
    await unsure(company, "Order  10999 is dented", "C002", "Tom Ash")
    assert (await only_item(company)).times == 2


async def test_what_was_noted_once_is_not_counted_again(company: Any) -> None:
    await unsure(company)
    before = await learning(company).reviews.heard(*_all_days())
    await learning(company).note()
    assert await learning(company).reviews.heard(*_all_days()) == before
    assert before.kinds["message"] == {"": 1}
    assert before.kinds["confidence"] == {"4": 1}


async def test_a_customer_who_is_forgotten_leaves_no_text_behind(company: Any) -> None:
    await unsure(company)
    await learning(company).reviews.forget("C001")
    assert await learning(company).reviews.count(Wanted()) == 0


async def test_a_deleted_conversation_takes_its_texts_along(company: Any) -> None:
    conversation = await unsure(company)
    async with company.store.database.begin() as connection:
        await connection.execute(text("delete from redress.conversations where id = :id"), {"id": conversation})
    assert await learning(company).reviews.count(Wanted()) == 0


async def test_a_text_that_somebody_else_said_too_stays(company: Any, vera: Staff) -> None:
    await unsure(company, "it is dented")
    other = await unsure(company, "it is dented", "C002", "Tom Ash")
    (said,) = [m for m in await company.store.messages.all(other) if m.author == "customer"]
    await learning(company).flag(said.id)
    await learning(company).reviews.forget("C001")
    assert (await only_item(company)).why == ("unsure_act", "flagged")


async def test_labels_are_accepted_and_kept_with_who_decided(company: Any, vera: Staff) -> None:
    await unsure(company)
    item = await only_item(company)
    async with company.browser(vera) as browser:
        page = await browser.page(f"/desk/review/{item.id}")
        assert "came with a dent" in page
        answer = await browser.do(
            f"/desk/review/{item.id}/accept",
            version="0",
            act="report_problem",
            challenges="damaged_item",
            level="1",
            triggers="repeated_contact",
            person_due="no",
        )
        assert answer.status_code == 200, answer.text
    (accepted,) = await learning(company).reviews.accepted()
    assert accepted.labels == {
        "dialogue_act": "report_problem",
        "challenges": ["damaged_item"],
        "frustration": 1,
        "triggers": ["repeated_contact"],
        "person_due": False,
    }
    assert accepted.decided_by == "Vera Holm"


@pytest.mark.parametrize("wrong", [{"act": "sing"}, {"act": ""}, {"challenges": "rain"}, {"level": "7"}])
async def test_a_label_that_the_guide_does_not_know_is_refused(
    company: Any, vera: Staff, wrong: dict[str, str]
) -> None:
    await unsure(company)
    item = await only_item(company)
    form = {"version": "0", "act": "inform", "level": "0", **wrong}
    async with company.browser(vera) as browser:
        assert (await browser.do(f"/desk/review/{item.id}/accept", **form)).status_code == 400
    assert (await only_item(company)).status is ReviewStatus.OPEN


async def test_of_two_labellers_the_second_is_told(company: Any, vera: Staff) -> None:
    await unsure(company)
    item = await only_item(company)
    async with company.browser(vera) as browser:
        assert (await browser.do(f"/desk/review/{item.id}/skip", version="0")).status_code == 200
        late = await browser.do(f"/desk/review/{item.id}/reject", version="0")
    assert (late.status_code, late.json()["error"].startswith("Somebody else decided")) == (409, True)


async def test_after_a_decision_comes_the_next_text_of_the_same_list(company: Any, vera: Staff) -> None:
    for words in ("it is dented", "the lid is cracked", "scratched all over"):
        await unsure(company, words)
    newest, middle, _ = (await learning(company).reviews.list(Wanted(), None)).rows
    async with company.browser(vera) as browser:
        answer = await browser.do(f"/desk/review/{newest.id}/reject?why=unsure_act", version="0")
    assert answer.json()["to"] == f"/desk/review/{middle.id}?why=unsure_act"


async def test_pages_of_the_list_meet_without_gap_or_overlap(company: Any) -> None:
    conversation = await unsure(company, "it is dented")
    (said,) = [m for m in await company.store.messages.all(conversation) if m.author == "customer"]
    for n, words in enumerate(("the lid is cracked", "scratched all over")):
        await unsure(company, words, f"C00{n + 2}", "Tom Ash")
    await learning(company).flag(said.id)
    reviews, seen, after = learning(company).reviews, [], None
    while True:
        found = await reviews.list(Wanted(), after, limit=1)
        seen += [item.text for item in found.rows]
        if found.next is None:
            break
        after = found.next
    assert seen == ["it is dented", "scratched all over", "the lid is cracked"]


async def test_filters_ask_for_reason_and_challenge(company: Any) -> None:
    await unsure(company)
    reviews = learning(company).reviews
    assert await reviews.count(Wanted(challenge="damaged_item", why="unsure_act")) == 1
    assert await reviews.count(Wanted(challenge="none")) == 0
    assert await reviews.count(Wanted(why="flagged")) == 0


async def test_review_is_for_supervisors(company: Any, asha: Staff) -> None:
    await unsure(company)
    async with company.browser(asha) as browser:
        for path in ("", "/1", "/corrections", "/drift", "/guide"):
            assert (await browser.get(f"/desk/review{path}")).status_code == 403
        assert (await browser.do("/desk/review/1/skip", version="0")).status_code == 403


async def test_an_agent_says_with_one_click_what_was_wrong(company: Any, asha: Staff, vera: Staff) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as browser:
        assert "What did the bot get wrong?" in await browser.page(f"/desk/conversations/{conversation}")
        answer = await browser.do(f"/desk/conversations/{conversation}/corrections", what="escalated")
        assert answer.json()["told"]
    async with company.browser(vera) as browser:
        page = await browser.page("/desk/review/corrections")
    assert "Should not have escalated" in page
    assert "Asha Verma" in page
    assert (await only_item(company)).why == ("corrected",)


async def test_what_an_agent_says_is_the_first_suggestion_to_the_labeller(
    company: Any, asha: Staff, vera: Staff
) -> None:
    conversation = await company.hands_over()
    said = {"what": "challenge", "right_challenge": "lost_parcel", "words": "Maya's parcel was stolen, 07911 123456"}
    async with company.browser(asha) as browser:
        await browser.do(f"/desk/conversations/{conversation}/corrections", **said)
    item = await only_item(company)
    async with company.browser(vera) as browser:
        page = await browser.page(f"/desk/review/{item.id}")
    assert 'value="lost_parcel" checked' in page
    assert 'value="late_delivery" checked' not in page
    assert "Alex&#39;s parcel was stolen, 07700 900123" in page


async def test_a_correction_of_nothing_heard_is_refused(company: Any, sol: Staff) -> None:
    conversation = await company.opens("C001", "Maya Fletcher")
    async with company.browser(sol) as browser:
        await company.app.state.desk.ownership.take_over(conversation, sol)
        answer = await browser.do(f"/desk/conversations/{conversation}/corrections", what="frustration")
    assert answer.status_code == 400
    assert "nothing to correct" in answer.json()["error"]


async def test_a_rejected_text_opens_again_when_an_agent_corrects_it(company: Any, vera: Staff) -> None:
    await unsure(company)
    item = await only_item(company)
    await learning(company).put(vera, item.id, 0, ReviewStatus.REJECTED)
    async with company.store.database.single() as connection:
        message = await connection.scalar(select(review_sources.c.message_id))
    await learning(company).flag(str(message))
    assert (await only_item(company)).by_person


async def test_an_accepted_text_keeps_its_labels_whatever_is_heard_later(company: Any, vera: Staff) -> None:
    await unsure(company, "it is dented")
    item = await only_item(company)
    await learning(company).accept(vera, item.id, 0, read_labels({"dialogue_act": "report_problem"}))
    await unsure(company, "it is dented", "C002", "Tom Ash")
    assert len(await learning(company).reviews.accepted()) == 1


async def test_the_guide_explains_every_challenge_type_and_trigger(company: Any, vera: Staff) -> None:
    from desk.pages.guide import help_of_labels
    from recovery.words import ChallengeType, Trigger

    assert {str(name) for name in (*ChallengeType, *Trigger)} <= set(help_of_labels())
    async with company.browser(vera) as browser:
        assert "past its date and still expected" in await browser.page("/desk/review/guide")


async def test_with_few_messages_drift_says_that_they_are_too_few(company: Any, vera: Staff) -> None:
    await unsure(company)
    async with company.browser(vera) as browser:
        assert "Too few to say: 1 against 0." in await browser.page("/desk/review/drift")


async def test_a_stored_result_names_its_model_and_the_log_shows_it(company: Any, vera: Staff) -> None:
    conversation = await unsure(company)
    async with company.store.database.single() as connection:
        assert await connection.scalar(text("select model from redress.nlu_results")) == "as the tests say"
    async with company.browser(vera) as browser:
        assert "<code>as the tests say</code>" in await browser.page(f"/desk/log/{conversation}")


def _all_days() -> Any:
    return date(2000, 1, 1), date(3000, 1, 1)


async def test_two_desks_never_note_the_same_message(company: Any) -> None:
    conversation = await company.opens("C001", "Maya Fletcher")
    await company.says(conversation, "it is dented", **UNSURE)
    async with company.store.reviews.unnoted(10) as one, company.store.reviews.unnoted(10) as other:
        assert (len(one.messages), len(other.messages)) == (1, 0)


async def test_a_noting_that_breaks_is_done_again_whole(company: Any) -> None:
    conversation = await company.opens("C001", "Maya Fletcher")
    await company.says(conversation, "it is dented", **UNSURE)

    async def breaks() -> None:
        async with company.store.reviews.unnoted(10) as batch:
            await batch.count({Daily(date(2026, 11, 22), "message", "", "one"): 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await breaks()
    await learning(company).note()
    assert (await learning(company).reviews.heard(*_all_days())).models == {"as the tests say": 1}
    assert (await only_item(company)).text == "it is dented"


async def test_a_doubtful_text_that_nobody_looked_at_goes_and_a_flagged_one_stays(company: Any) -> None:
    for words in ("it is dented", "the lid is cracked"):
        conversation = await unsure(company, words)
    said = [m for m in await company.store.messages.all(conversation) if m.author == "customer"]
    await learning(company).flag(said[-1].id)
    dropped = await learning(company).reviews.drop_stale(company.parts.clock())
    assert dropped == 1
    assert (await only_item(company)).text == "the lid is cracked"
