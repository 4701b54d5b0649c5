"""Whom to ask next, and what a customer may be told of the wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.routing import FEWEST, TIERS, Person, best_for, expected_wait, next_tier
from recovery.words import Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASHA = Person("asha", Role.AGENT, frozenset({"care"}), True, 0, 3)
BEN = Person("ben", Role.AGENT, frozenset(), True, 0, 3)
SOL = Person("sol", Role.SENIOR, frozenset({"care"}), True, 0, 2)
PEOPLE = st.lists(
    st.builds(
        Person,
        id=st.uuids().map(str),
        role=st.sampled_from(TIERS),
        teams=st.frozensets(st.sampled_from(["care", "delivery", "security"])),
        online=st.booleans(),
        in_hand=st.integers(0, 3),
        capacity=st.integers(1, 3),
    ),
    max_size=8,
)


def chosen(*people: Person, team: str = "care", tier: Role = Role.AGENT, asked: tuple[str, ...] = ()) -> str | None:
    best = best_for(team, tier, people, asked)
    return best.id if best else None


def test_who_has_the_team_as_theirs_is_asked_before_who_serves_all() -> None:
    assert chosen(BEN, ASHA) == "asha"
    assert chosen(BEN, ASHA, team="delivery") == "ben"


def test_seniors_are_asked_when_nobody_below_is_free() -> None:
    assert chosen(SOL, ASHA) == "asha"
    assert chosen(SOL, replace(ASHA, in_hand=3)) == "sol"
    assert chosen(SOL, ASHA, tier=Role.SENIOR) == "sol"
    assert chosen(ASHA, tier=Role.SENIOR) is None


def test_who_has_less_in_hand_is_asked_first_then_who_waited_longest() -> None:
    other = replace(ASHA, id="other")
    assert chosen(replace(ASHA, in_hand=1), other) == "other"
    assert chosen(replace(ASHA, last_given=NOON), replace(other, last_given=NOON - timedelta(hours=1))) == "other"


def test_who_was_asked_already_or_is_away_is_not_asked() -> None:
    assert chosen(ASHA, asked=("asha",)) is None
    assert chosen(replace(ASHA, online=False)) is None


@given(PEOPLE, st.sampled_from(["care", "delivery"]), st.sampled_from(TIERS))
def test_whoever_is_chosen_may_and_can_and_nobody_lower_could(people: list[Person], team: str, tier: Role) -> None:
    best = best_for(team, tier, people)
    able = [
        p
        for p in people
        if p.online and p.in_hand < p.capacity and TIERS.index(p.role) >= TIERS.index(tier)
        if not p.teams or team in p.teams
    ]
    assert (best is None) == (not able)
    if best is not None:
        assert best in able
        assert TIERS.index(best.role) == min(TIERS.index(p.role) for p in able)


def test_the_highest_tier_has_none_above_it() -> None:
    assert [next_tier(t) for t in TIERS] == [Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR, Role.SUPERVISOR]


def test_without_a_basis_nothing_is_said_of_the_wait() -> None:
    handled = [timedelta(minutes=8)] * FEWEST
    assert expected_wait(1, handled[1:], 2) is None
    assert expected_wait(1, handled, 0) is None


def test_the_wait_grows_with_the_place_and_shrinks_with_the_people() -> None:
    handled = [timedelta(minutes=m) for m in (4, 6, 8, 30, 9)]
    assert expected_wait(1, handled, 2) == timedelta(minutes=5)
    assert expected_wait(5, handled, 2) == timedelta(minutes=20)
    assert expected_wait(5, handled, 4) == timedelta(minutes=10)
