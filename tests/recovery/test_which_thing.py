"""Of an order of several things: which one is missing, what it costs, and when the customer is asked."""

from dataclasses import replace

import pytest

from recovery.assessment import assess
from recovery.choosing import ruled_out
from recovery.records import Order, OrderItem
from recovery.state import Option
from recovery.things import wrong_things
from recovery.words import ChallengeType, DialogueAct, Remedy
from tests.recovery.builders import DAMAGED, NOW, PLAYBOOK, Conversation, broken, history, responses, said, titles

REPORT, INFORM = DialogueAct.REPORT_PROBLEM, DialogueAct.INFORM
MISSING = ChallengeType.MISSING_ITEM
HAMPER, GLASSES = "1-a", "1-b"


def hamper(tea: int = 5500, glasses: int = 4200) -> Order:
    things = (
        OrderItem(HAMPER, "SKU-A", "Afternoon tea hamper", 1, tea),
        OrderItem(GLASSES, "SKU-B", "Crystal wine glasses", 1, glasses),
    )
    return replace(broken("1", pence=tea + glasses), items=things)


@pytest.mark.parametrize(
    ("words", "items", "part"),
    [
        ("my order came without the crystal wine glasses", (GLASSES,), False),
        ("the wine glasses are missing from my order", (GLASSES,), False),
        ("the hamper came but no glasses", (GLASSES,), False),
        ("the hamper came without the glasses", (GLASSES,), False),
        ("where are my glasses?", (GLASSES,), False),
        ("the glasses weren't in the box", (GLASSES,), False),
        ("I only got the hamper", (GLASSES,), False),
        ("the jam from the hamper is missing", (HAMPER,), True),
        ("the hamper is missing its lid", (HAMPER,), True),
        ("one of the wine glasses is missing", (GLASSES,), True),
        ("something is missing", (), False),
        ("the hamper and the glasses are both missing", (), False),
    ],
)
def test_a_missing_thing_is_told_from_a_missing_part(words: str, items: tuple[str, ...], part: bool) -> None:
    meant = wrong_things(MISSING, hamper(), said(words, REPORT))
    assert (meant.items, meant.part) == (items, part)


@pytest.mark.parametrize(
    ("words", "whole", "pence"),
    [
        ("the wine glasses are missing", True, 4200),
        ("one of the wine glasses is missing", False, 4200),
        ("it's all missing, everything", False, 9700),
    ],
)
def test_a_missing_thing_counts_at_its_own_price(words: str, whole: bool, pence: int) -> None:
    c = Conversation(history(hamper()))
    c.says(words, REPORT, challenges=(MISSING,))
    (problem,) = c.state.problems
    facts = assess(problem, said("more", INFORM), history(hamper()), PLAYBOOK, NOW).facts
    assert (facts["thing_missing"], facts["item_pence"]) == (whole, pence)


def asked(frustration: int = 0, order: Order | None = None) -> Conversation:
    c = Conversation(history(order or hamper()))
    c.says("something in my order came smashed", REPORT, challenges=(DAMAGED,), frustration=frustration)
    return c


def test_which_one_is_asked_with_the_things_as_choices() -> None:
    c = asked()
    assert c.decisions[-1].step == "ask_which_thing"
    assert titles(c.decisions[-1])[:4] == [
        "Afternoon tea hamper",
        "Crystal wine glasses",
        "All of them",
        "I'm not sure",
    ]


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ("the glasses", (GLASSES,)),
        ("hamper", (HAMPER,)),
        ("the hamper and the glasses", ()),
        ("all of them", ()),
        ("both", ()),
        ("don't know", ()),
        ("just sort it please", ()),
    ],
)
def test_an_answer_in_words_is_taken_up_and_none_leaves_it_at_the_order(answer: str, items: tuple[str, ...]) -> None:
    c = asked()
    assert c.says(answer, INFORM).step == "offer"
    assert c.problem.items == items


def test_an_answer_that_was_not_understood_is_an_answer_and_asked_once() -> None:
    c = asked()
    assert c.says("the glasses", INFORM, unclear="low_confidence").step == "offer"
    assert c.problem.items == (GLASSES,)


def test_a_button_is_an_answer() -> None:
    c = asked()
    assert c.clicks("Crystal wine glasses").step == "offer"
    assert c.problem.items == (GLASSES,)


def test_the_thing_is_named_as_what_it_is() -> None:
    c = asked()
    offered = c.clicks("Crystal wine glasses")
    said_of = [p.facts["item"] for s in offered.says for p in s.parts if "item" in p.facts]
    assert said_of
    assert set(said_of) == {"crystal wine glasses"}


def test_the_answer_may_name_it_as_broken_again() -> None:
    c = asked()
    c.says("the glasses are smashed", REPORT, challenges=(ChallengeType.FAULTY_PRODUCT,))
    assert [p.challenge for p in c.state.problems] == [DAMAGED]
    assert c.problem.items == (GLASSES,)


def test_a_question_in_between_is_answered_and_it_is_asked_again() -> None:
    c = asked()
    answered = c.says("what are your opening hours", DialogueAct.ASK_INFO)
    assert responses(answered)[0] == "utter_answer"
    assert "Crystal wine glasses" in titles(answered)


def test_who_is_furious_is_not_asked_where_one_thing_is_nearly_all_of_it() -> None:
    dear = hamper(tea=50000)
    assert asked(3, dear).decisions[-1].step != "ask_which_thing"
    assert asked(0, dear).decisions[-1].step == "ask_which_thing"


def test_an_order_of_one_thing_asks_nothing() -> None:
    c = Conversation(history(broken("1")))
    assert c.says("it came smashed", REPORT, challenges=(DAMAGED,)).step == "offer"


def test_to_keep_the_rest_turns_no_money_down() -> None:
    some = Option(Remedy.PARTIAL_REFUND, 4200, "Do without it", "£42 back", "r", ("without", "keep", "some"))
    assert not ruled_out(some, said("I can do without them, I'd keep the rest and have some money back"))
    assert ruled_out(some, said("keep the money"))
