"""The details to listen for: noted once, with the message that told them."""

from recovery.details import Detail, noted, untold
from recovery.heard import Entity
from recovery.next_step import next_step
from recovery.situation import Situation, Topic
from recovery.state import Problem, Recovery, Told
from recovery.words import DialogueAct
from redress.playbook import load
from redress.settings import CHECKOUT
from tests.recovery.builders import LATE, NOW, history, said

ORDER = Detail("order", "which order", ("order_number",))
NEED = Detail("deadline", "what it is needed for", words=("birthday", "wedding"))
PROBLEM = Problem(LATE, "m1")
STATE = Recovery(problems=(PROBLEM,))


def told(text: str, **heard: object) -> tuple[Told, ...]:
    return noted(STATE, PROBLEM, (ORDER, NEED), said(text, **heard)).problems[0].told


def test_a_detail_is_heard_as_an_entity_or_by_its_words() -> None:
    assert told("it's 10482", entities=(Entity("order_number", "10482", "10482"),)) == (Told("order", "10482", "m1"),)
    assert told("it is for my daughter's Birthday on Sunday!")[0] == Told("deadline", "birthday on sunday", "m1")
    assert told("where is it") == ()


def test_what_was_told_first_stands() -> None:
    once = noted(STATE, PROBLEM, (NEED,), said("for a wedding"))
    again = noted(once, once.problems[0], (NEED,), said("for a birthday", message_id="m2"))
    assert [t.words for t in again.problems[0].told] == ["wedding"]


def test_what_is_still_untold_leaves_out_an_order_that_is_known() -> None:
    assert untold(PROBLEM, (ORDER, NEED)) == (ORDER, NEED)
    assert untold(Problem(LATE, "m1", order_id="10482"), (ORDER, NEED)) == (NEED,)


def test_every_message_of_a_recovery_is_listened_to() -> None:
    book = load(CHECKOUT / "playbook")
    heard = said("my kettle is late and I need it for a wedding", DialogueAct.REPORT_PROBLEM, challenges=(LATE,))
    decision = next_step(Situation(Topic.RECOVER, heard, Recovery(), history(), book, NOW))
    assert [t.detail for t in decision.state.problems[0].told] == ["deadline"]
