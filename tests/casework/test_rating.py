"""A survey's button pressed while a person has the conversation counts as it does with the bot."""

from dataclasses import replace

import pytest

from casework.crm import NewCase
from casework.ports import Author, Button, FollowUpMessage, Outbound, Status, Survey, SurveyNews
from casework.rating import Ratings
from casework.turn_record import engine_down
from casework.turn_state import dumped, loaded
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from recovery.state import Problem, Progress, Recovery
from recovery.surveys import SurveyKind, SurveyRule, Surveys
from recovery.telling import ratings
from recovery.words import Severity, Stage
from store.reading import SqlReading
from tests.casework.floor import MINUTE, FloorUnderTest
from tests.recovery.builders import CUSTOMER, LATE, PLAYBOOK, VOUCHER, order

NPS = SurveyRule("would_recommend", SurveyKind.NPS, (), "utter_survey_nps")
BOOKED = Problem(LATE, "m1", "101", "10482", options=(VOUCHER,), agreed=VOUCHER.id, progress=Progress.BOOKED)


class Rating:
    """A conversation that was asked how it was, and then went to a person."""

    def __init__(self, floor: FloorUnderTest) -> None:
        self.floor, self.crm = floor, MemoryCrm(Company(customers=(CUSTOMER,), orders=(order(),)))
        playbook = replace(PLAYBOOK, surveys=Surveys((*PLAYBOOK.surveys.rules, NPS)))
        s = floor.store
        press = Ratings(s.recoveries, s.surveys, self.crm, lambda: playbook, floor.phrases, floor.now).press
        self.intake = replace(floor.intake, rated=press)

    async def asked(self, rule: SurveyRule = PLAYBOOK.surveys.rules[0]) -> None:
        at = self.floor.at
        opened = await self.floor.store.conversations.open_for("web", "ada", at, CUSTOMER.id, "Ada Moss")
        self.conversation = opened.id
        case = NewCase("c1", CUSTOMER.id, opened.id, "10482", LATE, Severity.MINOR, "SwiftVan", at)
        assert (await self.crm.open_case(case)).id == "101"
        state = Recovery(
            stage=Stage.SURVEYING,
            problems=(BOOKED,),
            surveyed=("101",),
            survey_case="101",
            survey=rule.id,
            survey_asked_at=at,
        )
        buttons = tuple(Button(b.title, b.payload) for b in ratings(rule.kind))
        message = Outbound("survey-1", Author.BOT, "How was it?", buttons=buttons)
        news = SurveyNews("101", kind=rule.kind.value)
        say = FollowUpMessage(opened.id, message, 0, dumped(state), news)
        assert await self.floor.store.follow_ups.say(say, at)

    async def goes_to_a_person(self) -> None:
        await self.floor.hands_over(self.conversation, "care", 3, 0, {})

    async def presses(self, rating: int, key: str = "press") -> None:
        payload = f'/inform{{"choice": "rating:{rating}"}}'
        await self.intake.receive(self.conversation, key, str(rating), payload)

    async def survey(self) -> Survey:
        found = await self.floor.store.surveys.get("101")
        assert found is not None
        return found

    async def state(self) -> Recovery:
        return loaded((await self.floor.store.recoveries.load(self.conversation)).state)


@pytest.fixture
async def rating(floor: FloorUnderTest) -> Rating:
    return Rating(floor)


async def test_a_low_rating_pressed_while_waiting_for_a_person_alerts_the_same_minute(rating: Rating) -> None:
    await rating.asked()
    await rating.goes_to_a_person()
    rating.floor.at += MINUTE
    await rating.presses(1)
    assert ((await rating.survey()).rating, (await rating.survey()).answered_at) == (1, rating.floor.at)
    (alert,) = [a for a in await rating.floor.store.alerts.open_ones() if a.kind == "low_rating"]
    assert (alert.conversation_id, alert.at) == (rating.conversation, rating.floor.at)
    assert alert.text == "CSAT: case 101 was rated 1 of 5."
    assert await rating.floor.told(rating.conversation) == ["utter_survey_noted_low"]


async def test_pressed_again_or_otherwise_the_first_rating_stands_and_one_alert(rating: Rating) -> None:
    await rating.asked()
    await rating.goes_to_a_person()
    for number, key in ((2, "one"), (2, "one"), (1, "two"), (5, "three")):
        await rating.presses(number, key)
    assert (await rating.survey()).rating == 2
    assert (await rating.floor.alerts()).count("low_rating") == 1
    assert await rating.floor.told(rating.conversation) == ["utter_survey_noted_low"]


async def test_pressed_while_the_engine_is_down_it_is_not_rated_again_when_the_engine_is_back(rating: Rating) -> None:
    await rating.asked()
    await rating.floor.writes(rating.conversation)
    async with rating.floor.store.turns.next_turn(rating.conversation) as turn:
        assert turn is not None
        await turn.look_again()
        await turn.finish(engine_down(turn.message, "a person comes"), rating.floor.at)
    await rating.presses(1)
    *_, pressed, thanked = await rating.floor.store.messages.all(rating.conversation)
    assert (pressed.status, thanked.text) == (Status.ANSWERED, "utter_survey_noted_low")
    state = await rating.state()
    assert (state.stage, state.survey_asked_at) == (Stage.BOOKED, None)


async def test_a_good_rating_is_thanked_for_and_its_decision_names_its_rule(rating: Rating) -> None:
    await rating.asked()
    await rating.goes_to_a_person()
    await rating.presses(5)
    assert "low_rating" not in await rating.floor.alerts()
    assert await rating.floor.told(rating.conversation) == ["utter_survey_noted"]
    state = await rating.state()
    assert (state.pleased, state.survey_asked_at) == (True, None)
    message = (await rating.floor.store.messages.all(rating.conversation))[-2]
    (decision,) = await SqlReading(rating.floor.store.database).decisions(rating.conversation, [message.id])
    assert (decision.step, decision.case_id, decision.rules) == ("survey_rated", "101", ("after_a_recovery",))
    assert decision.inputs == {"rating": 5, "survey": "csat"}


async def test_a_detractor_is_noted_on_the_case(rating: Rating) -> None:
    await rating.asked(NPS)
    await rating.goes_to_a_person()
    await rating.presses(6)
    assert (await rating.survey()).rating == 6
    assert [n.text for n in (await rating.crm.case("101")).notes] == ["NPS: case 101 was rated 6 of 10."]


async def test_typed_while_a_person_answers_a_number_is_for_the_person(rating: Rating) -> None:
    await rating.asked()
    await rating.goes_to_a_person()
    await rating.intake.receive(rating.conversation, "typed", "2")
    assert (await rating.survey()).rating is None
    assert "low_rating" not in await rating.floor.alerts()


async def test_a_survey_that_nobody_rated_is_still_waited_for_when_the_person_has_gone(rating: Rating) -> None:
    await rating.asked()
    await rating.goes_to_a_person()
    asha = await rating.floor.hire("Asha Verma")
    await rating.floor.ownership.claim(rating.conversation, asha)
    await rating.floor.ownership.return_to_bot(rating.conversation, asha)
    assert (await rating.state()).survey_case == "101"
