"""The state machine of a conversation's owner: its table is the documentation, and no state is a dead end."""

from pathlib import Path

from recovery.owners import RULES, Move, State, leads, may, state_of, table

DOCS = Path(__file__).parents[2] / "docs" / "ownership.md"


def test_the_documentation_shows_this_very_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")


def test_each_move_has_one_rule() -> None:
    assert set(RULES) == set(Move)


def test_from_every_state_a_person_can_be_reached_and_the_conversation_can_end() -> None:
    def reachable(start: State) -> set[State]:
        seen, left = {start}, [start]
        while left:
            now = left.pop()
            found = {b for m in Move for b in State if leads(m, now, b)} - seen
            seen |= found
            left += found
        return seen

    assert all({State.OWNED, State.CLOSED, State.RETURNED} <= reachable(state) for state in State)


def test_a_closed_conversation_is_only_reopened() -> None:
    assert [m for m in Move if may(m, State.CLOSED)] == [Move.REOPENED]


def test_columns_stand_for_exactly_one_state() -> None:
    found = {
        state_of(owner, closed=closed, handed_over=handed_over)
        for owner in ("bot", "queue", "agent")
        for closed in (True, False)
        for handed_over in (True, False)
    }
    assert found == set(State)
