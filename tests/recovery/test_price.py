"""For one order no more than its price goes back, in money or as a new thing: over every sequence of bookings."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.decision import Book, Decision, Revoke
from recovery.playbook import Playbook
from recovery.price import paid_back, within_price
from recovery.records import Compensation, History
from recovery.state import Option, Problem, Progress
from recovery.words import ChallengeType, DialogueAct, OrderEventKind, Remedy, Severity
from redress.playbook import load
from tests.recovery.builders import (
    NOW,
    PLAYBOOK,
    Conversation,
    case,
    compensation,
    delivered,
    event,
    history,
    responses,
    shown,
    titles,
)

REAL = load(Path(__file__).parents[2] / "playbook")
RETURN, DAMAGED, FAULTY = ChallengeType.RETURN_PROBLEM, ChallengeType.DAMAGED_ITEM, ChallengeType.FAULTY_PRODUCT
WORDS = {
    RETURN: "nobody fetched my return",
    DAMAGED: "the vase came broken",
    ChallengeType.MISSING_ITEM: "a part is missing",
}
NEW_ONE = (Remedy.REPLACEMENT, Remedy.COLLECT_AND_SWAP)
INSTEAD = (
    "I'd rather have the money back instead",
    "I'd rather have a new one instead",
    "I'd rather keep it and have some money back instead",
    "I'd rather have a swap at the door instead",
)


def vase() -> History:
    """A vase for £45 that came broken, and whose return was asked for."""
    order = delivered()
    events = (
        event(kind, order.id, NOW) for kind in (OrderEventKind.DAMAGE_RECORDED, OrderEventKind.RETURN_REQUESTED)
    )
    return history(replace(order, events=(*order.events, *events)))


class Shop(Conversation):
    """A conversation whose bookings the CRM has at once."""

    def keep(self, decision: Decision) -> None:
        assert self.known is not None
        given = list(self.known.compensations)
        for effect in decision.effects:
            if isinstance(effect, Revoke):
                given = [c for c in given if c.id != effect.compensation_id]
            if isinstance(effect, Book):
                problem = next(p for p in self.state.problems if p.key == effect.problem.key)
                given.append(self.granted(problem, effect.option, len(self.decisions)))
        self.known = replace(self.known, compensations=tuple(given))

    def granted(self, problem: Problem, option: Option, number: int) -> Compensation:
        about = (str(problem.case_id), Remedy(option.remedy), option.pence)
        return compensation(
            f"g{number}", about[0], order_id=problem.order_id, remedy=about[1], pence=about[2], granted_at=self.now
        )

    def tells(self, challenge: ChallengeType) -> Decision:
        return self.kept(self.reports(challenge, WORDS[challenge], orders=("10400",)))

    def kept(self, decision: Decision) -> Decision:
        self.keep(decision)
        return decision

    def picks(self, number: int) -> None:
        """Click one of the buttons of the last message, if it has so many."""
        buttons = [b for say in self.decisions[-1].says for b in say.buttons if b.choice] if self.decisions else []
        if buttons:
            self.kept(self.clicks(shown(buttons[number % len(buttons)])))

    def wants(self, number: int) -> None:
        self.kept(self.says(INSTEAD[number], DialogueAct.REJECT_OFFER))

    def books(self, which: tuple[ChallengeType, int]) -> None:
        """Tell of a problem, and take any alternative of it, shown or not."""
        self.tells(which[0])
        current = self.state.current
        if current is not None and current.options:
            self.chooses(current.options[which[1] % len(current.options)], "yes:{}")

    def swaps(self, which: tuple[int, int]) -> None:
        """Click an old button of something else, and the yes to the change."""
        done = [p for p in self.state.problems if p.progress is Progress.BOOKED]
        if done:
            options = done[which[0] % len(done)].options
            self.chooses(options[which[1] % len(options)], "undo")

    def chooses(self, option: Option, then: str) -> None:
        self.kept(self.says(option.label, DialogueAct.ACCEPT_OFFER, choice=f"option:{option.id}"))
        self.kept(self.says("yes", DialogueAct.AFFIRM, choice=then.format(option.id)))

    @property
    def worth(self) -> int:
        """Pence of the vase's price that the customer has in money and in new vases."""
        assert self.known is not None
        given = self.known.compensations
        money = sum(c.pence for c in given if c.remedy in (Remedy.REFUND, Remedy.PARTIAL_REFUND))
        return money + 4500 * sum(1 for c in given if c.remedy in NEW_ONE)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("tells"), st.sampled_from(sorted(WORDS))),
        st.tuples(st.just("picks"), st.integers(0, 3)),
        st.tuples(st.just("books"), st.tuples(st.sampled_from(sorted(WORDS)), st.integers(0, 5))),
        st.tuples(st.just("swaps"), st.tuples(st.integers(0, 2), st.integers(0, 5))),
        st.tuples(st.just("wants"), st.integers(0, len(INSTEAD) - 1)),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=200)
@given(ACTIONS, st.sampled_from([PLAYBOOK, REAL]))
def test_no_sequence_of_bookings_and_swaps_gives_back_more_than_the_price(
    actions: list[tuple[str, Any]], book: Playbook
) -> None:
    c = Shop(vase(), book=book)
    for what, which in actions:
        getattr(c, what)(which)
        assert c.worth <= 4500


def settled(*wishes: str) -> Shop:
    """A return and a broken vase told of; a new vase is booked for the graver, then the wishes are said."""
    c = Shop(vase(), book=REAL)
    c.tells(RETURN)
    c.tells(DAMAGED)
    for wish in ("A new one", "Yes, please book it", *wishes):
        c.kept(c.clicks(wish))
    return c


def test_beside_a_new_one_no_refund_is_offered_for_the_same_vase() -> None:
    c = settled()
    assert c.state.current is not None
    assert not [o for o in c.state.current.options if o.remedy is Remedy.REFUND]
    assert not [t for t in titles(c.decisions[-1]) if "refund" in t.lower()]


def test_a_swap_pays_no_price_twice() -> None:
    c = Shop(vase(), book=REAL)
    c.tells(RETURN)
    c.tells(DAMAGED)
    refund = Option(Remedy.REFUND, 4500, "A full refund, £45", "£45 back", "return.refund", ("refund", "money"))
    voucher = Option(Remedy.VOUCHER, 500, "A £5 voucher", "a £5 voucher", "x", ("voucher",))
    agreed = {RETURN: refund, DAMAGED: voucher}
    taken = [
        replace(p, options=(voucher, refund), agreed=agreed[p.challenge].id, progress=Progress.BOOKED)
        for p in c.state.problems
    ]
    c.state = replace(c.state, problems=tuple(taken))
    c.known = replace(vase(), compensations=tuple(c.granted(p, agreed[p.challenge], n) for n, p in enumerate(taken)))
    asked = c.says("no voucher, I'd rather have the money back instead", DialogueAct.REJECT_OFFER)
    assert responses(asked) == ["utter_ask_to_undo"]
    c.kept(c.clicks("Yes, change it"))
    assert c.worth == 4500


def problem_of(challenge: ChallengeType) -> Problem:
    return Problem(challenge, "m1", case_id="now", order_id="10400", severity=Severity.MINOR)


def replaced(days_ago: int) -> History:
    given = compensation(
        "1", "311", order_id="10400", remedy=Remedy.REPLACEMENT, granted_at=NOW - timedelta(days=days_ago)
    )
    return replace(vase(), compensations=(given,), cases=(case("311", ChallengeType.LOST_PARCEL, "10400"),))


@pytest.mark.parametrize(
    ("challenge", "days_ago", "back"),
    [(DAMAGED, 1, 4500), (DAMAGED, 20, 0), (RETURN, 1, 4500), (RETURN, 20, 4500)],
)
def test_a_new_one_is_the_price_until_it_must_have_come_and_for_good_where_money_is_asked_back(
    challenge: ChallengeType, days_ago: int, back: int
) -> None:
    assert paid_back(problem_of(challenge), (), replaced(days_ago), REAL, NOW) == back


def test_a_new_one_that_failed_is_no_price_paid_back() -> None:
    failed = replace(replaced(1), cases=(case("311", DAMAGED, "10400", failed=True),))
    assert paid_back(problem_of(DAMAGED), (), failed, REAL, NOW) == 0


@pytest.mark.parametrize("remedy", [*NEW_ONE, Remedy.REFUND])
def test_a_new_one_is_worth_the_price_and_free_remedies_nothing(remedy: Remedy) -> None:
    assert within_price(remedy, 4500, delivered(), 0)
    assert not within_price(remedy, 4500, delivered(), 1)
    assert within_price(Remedy.CALLBACK, 0, delivered(), 4500)
    assert within_price(remedy, 4500, delivered(kind="plan"), 4500)
