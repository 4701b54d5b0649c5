"""Reading finished conversations: when the rules that run live would have called a person."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recovery.playbook import Procedure
from recovery.shadow import Reading, Spoken, read_transcript
from recovery.words import ChallengeType, DialogueAct, Trigger
from tests.recovery.builders import NOW, PLAYBOOK, said

Says = tuple[str, str, dict[str, Any]]
LATE: dict[str, Any] = {"act": DialogueAct.REPORT_PROBLEM, "challenges": (ChallengeType.LATE_DELIVERY,)}
VOUCHER = "I can offer you a £10 voucher."


def customer(text: str, **heard: Any) -> Says:
    return "customer", text, heard


def bot(text: str) -> Says:
    return "bot", text, {}


def agent(text: str) -> Says:
    return "agent", text, {}


def read(*turns: Says) -> tuple[Reading, ...]:
    return read_transcript(tuple(_spoken(n, *turn) for n, turn in enumerate(turns)), PLAYBOOK, NOW)


def _spoken(number: int, who: str, text: str, heard: dict[str, Any]) -> Spoken:
    return Spoken(who, text, said(text, message_id=f"m{number}", **heard) if who == "customer" else None)


def rules(*turns: Says) -> tuple[str, ...]:
    return read(*turns)[-1].rules


def test_a_problem_that_is_put_right_needs_nobody() -> None:
    thanks = customer("that was quick, thank you", act=DialogueAct.THANK)
    assert not any(r.escalate for r in read(customer("it is late", **LATE), bot(VOUCHER), thanks))


def test_two_refused_offers_in_any_words_call_a_person() -> None:
    first = customer("no thanks", act=DialogueAct.REJECT_OFFER, frustration=1)
    # However it is classed: what is refused is on the table.
    second = customer("I don't need more data either", frustration=1)
    assert rules(customer("it is late", **LATE), bot(VOUCHER), first, bot("How about more data?"), second) == (
        "offers_refused",
    )


def test_offers_to_somebody_who_only_asked_to_cancel_are_a_misunderstanding() -> None:
    asked = customer("cancel streaming pls", act=DialogueAct.REPORT_PROBLEM)
    first = customer("no thanks just cancel", act=DialogueAct.REJECT_OFFER, frustration=1)
    again = customer("no. cancel.", act=DialogueAct.DENY, frustration=1)
    turns = asked, bot("How about 3 months at half price?"), first, bot("What about a whole month free?"), again
    assert rules(*turns) == ("not_understood",)


def test_one_refused_offer_before_a_good_one_calls_nobody() -> None:
    refused = customer("no thanks", act=DialogueAct.REJECT_OFFER)
    taken = customer("yes, that one please", act=DialogueAct.ACCEPT_OFFER)
    assert rules(customer("it is late", **LATE), bot(VOUCHER), refused, bot("I can refund you."), taken) == ()


def test_a_bot_that_says_the_same_again_to_an_annoyed_customer_loops() -> None:
    same = "Refunds can only be sent to the original card."
    grey = customer("the card is closed", frustration=1)
    again = customer("that is what you said before", frustration=2)
    turns = (customer("no refund yet", **LATE), bot(same), grey, bot(f"{same} Please ask your bank."), again)
    assert rules(*turns) == ("not_understood",)
    assert {e.id for s in read(*turns)[-1].rationale for e in s.evidence} >= {"m2", "m4"}


def test_a_bot_may_ask_a_calm_customer_the_same_again() -> None:
    same = "Which order is it about, please?"
    turns = (customer("it is late", **LATE), bot(same), customer("hmm"), bot(same), customer("the blue one"))
    assert rules(*turns) == ()


def test_a_word_from_somebody_who_has_stopped_trying_calls_a_person() -> None:
    hours = "Collections are available from Monday to Friday."
    angry = customer("and if they don't come again?", frustration=2)
    tired = customer("ok", act=DialogueAct.ACCEPT_OFFER)
    assert rules(customer("nobody came", **LATE), bot(hours), angry, bot("As I said."), tired) == ("gave_up",)


def test_a_word_that_takes_what_is_offered_is_no_giving_up() -> None:
    angry = customer("nobody came", **LATE, frustration=2)
    assert rules(angry, bot(VOUCHER), customer("ok", act=DialogueAct.ACCEPT_OFFER)) == ()


def test_a_second_offer_tells_that_the_first_was_not_taken() -> None:
    first = customer("it clashes with everything we own")
    second = customer("what would I want that for", frustration=1)
    assert rules(customer("it is late", **LATE), bot(VOUCHER), first, bot("How about 20% off?"), second) == (
        "offers_refused",
    )


def test_a_question_about_an_offer_refuses_nothing() -> None:
    asks = customer("until when is it good?", act=DialogueAct.ASK_INFO)
    taken = customer("go on then", act=DialogueAct.ACCEPT_OFFER)
    assert rules(customer("it is late", **LATE), bot(VOUCHER), asks, bot("A year. Shall I send it?"), taken) == ()


def test_the_same_request_in_other_words_loops() -> None:
    ask, again = "What's your order number?", "Thanks! To look it up, please type your order number."
    number = customer("KD55 20817", act=DialogueAct.INFORM)
    tired = customer("scroll up, it's there", frustration=1)
    turns = customer("it is late", **LATE), bot(ask), number, bot(again), tired
    assert rules(*turns) == ("not_understood",)


def test_a_word_after_a_goodbye_that_left_the_problem_unsolved_calls_a_person() -> None:
    closing = bot("Wonderful! Is there anything else I can help you with today?")
    assert rules(customer("nobody came", **LATE), closing, customer("no", act=DialogueAct.DENY)) == ("gave_up",)


def test_a_word_after_a_goodbye_where_all_was_put_right_calls_nobody() -> None:
    done = bot("I've booked a new visit for Tuesday. Is there anything else I can help you with?")
    assert rules(customer("nobody came", **LATE), done, customer("no", act=DialogueAct.DENY)) == ()


def test_a_feeling_stays_while_nothing_goes_right_and_fades_when_it_does() -> None:
    upset, brief = customer("nobody came", **LATE, frustration=2), customer("since noon", act=DialogueAct.INFORM)
    declined = read(upset, bot("I'm not able to change that."), brief)[-1].score
    answered = read(upset, bot("I've booked a new visit for today."), brief)[-1].score
    assert declined > answered


def test_a_word_to_somebody_who_is_looking_calls_nobody() -> None:
    asks = customer("and?", act=DialogueAct.ASK_STATUS, frustration=1)
    upset = customer("it is late", **LATE, frustration=1)
    assert rules(upset, bot("That's a morning gone. I'm checking where he is. One moment."), asks) == ()


def test_a_number_that_was_asked_for_is_no_giving_up() -> None:
    tells = customer("HX20911, 31-864", act=DialogueAct.INFORM)
    upset = customer("it is late", **LATE, frustration=1)
    assert rules(upset, bot("I'm afraid not."), tells) == ()


def test_what_was_put_right_ends_what_went_wrong_between_us() -> None:
    loop = "Please open the app and go to Help."
    upset = customer("the app does not open", **LATE)
    fixed = bot("I've fixed it from here.")
    asks = customer("how long does it last", act=DialogueAct.ASK_INFO)
    turns = (
        upset,
        bot(loop),
        customer("it does not open", frustration=1),
        bot(loop),
        customer("again?", frustration=1),
    )
    assert "not_understood" in rules(*turns)
    assert rules(*turns, fixed, asks) == ()


def test_what_the_customer_has_tried_is_not_asked_of_them_again() -> None:
    tells = customer("no internet, same as when you had me do the factory reset with a paperclip", **LATE)
    urges = bot("Please do a factory reset: hold a paperclip in the hole.")
    annoyed = customer("I told you that I did that", frustration=1)
    assert rules(tells, urges, annoyed) == ("not_understood",)


def test_what_a_person_took_over_needs_no_second_call() -> None:
    asked = customer("get me a person", act=DialogueAct.REQUEST_HUMAN)
    still = customer("I want a manager", act=DialogueAct.REQUEST_HUMAN)
    before, after = read(asked, agent("Hello, I'm Kath."), still)
    assert before.escalate
    assert not after.escalate


def test_what_a_person_conducts_from_the_start_may_need_another() -> None:
    asked = customer("put your manager on", act=DialogueAct.REQUEST_HUMAN)
    assert rules(agent("Hello, I'm Kath."), asked) == ("person_asked",)


def test_what_words_say_is_let_pass_where_the_whole_conversation_speaks_against_it() -> None:
    lawyer = {"act": DialogueAct.INFORM, "triggers": (Trigger.LEGAL_THREAT,)}
    assert rules(customer("my sister the lawyer loves it", **lawyer, person_due=0.03)) == ()
    assert rules(customer("my lawyer will write", **lawyer, person_due=0.5)) == ("legal",)
    assert rules(customer("my lawyer will write", **lawyer)) == ("legal",)  # by the rules alone


def test_a_danger_needs_nothing_to_bear_it_out() -> None:
    rule = next(rule for rule in PLAYBOOK.escalation if rule.id == "safety")
    playbook = replace(PLAYBOOK, procedures=(Procedure("fire", "Fire", rule, ("safety",), 5, ()),))
    smoke = _spoken(0, "customer", "it smokes", {"triggers": (Trigger.SAFETY_RISK,), "person_due": 0.01})
    assert read_transcript((smoke,), playbook, NOW)[0].rules == ("safety",)


def test_where_it_is_going_calls_nobody_while_a_person_conducts_it() -> None:
    lost = customer("and?", act=DialogueAct.ASK_STATUS, person_due=0.9)
    assert rules(lost) == ("goes_wrong",)
    assert rules(agent("Hello, I'm Kath."), lost) == ()


SAID = st.builds(
    lambda who, text, act, level, triggers: (
        (who, text, {"act": act, "frustration": level, "triggers": triggers} if who == "customer" else {})
    ),
    st.sampled_from(("customer", "bot", "agent")),
    st.text(max_size=40) | st.sampled_from((VOUCHER, "no", "ok", "leave it")),
    st.sampled_from(DialogueAct),
    st.integers(0, 3),
    st.lists(st.sampled_from(Trigger), unique=True, max_size=3),
)


@given(st.lists(SAID, max_size=12))
def test_every_call_for_a_person_has_reasons_that_cite_messages(turns: list[Says]) -> None:
    for reading in read(*turns):
        assert 0 <= reading.level <= 3
        assert reading.escalate == bool(reading.rules) == bool(reading.rationale)
        assert all(s.evidence for s in reading.rationale)
