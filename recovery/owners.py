"""Who answers a conversation, as one state machine. docs/ownership.md shows it, and a test compares the two."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a conversation stands."""

    BOT = "bot"  # the bot answers, and no person ever has
    QUEUED = "queued"  # it waits for a person
    OWNED = "owned"  # one person answers
    RETURNED = "returned"  # the bot answers again, after a handoff
    CLOSED = "closed"  # it is over until the customer writes again, or a follow-up is due


class Move(StrEnum):
    """Why a conversation passes from one state to another."""

    HANDED_OVER = "handed_over"
    ENGINE_BACK = "engine_back"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    TAKEN_OVER = "taken_over"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    ESCALATED = "escalated"
    GIVEN_BACK = "given_back"
    RESOLVED = "resolved"
    UNLINKED = "unlinked"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a move may start, where it leads, and whose it is."""

    move: Move
    was: frozenset[State]
    became: frozenset[State]
    by: str
    meaning: str


_BOTS = frozenset({State.BOT, State.RETURNED})
_QUEUED, _OWNED = frozenset({State.QUEUED}), frozenset({State.OWNED})

RULES: dict[Move, Rule] = {
    rule.move: rule
    for rule in (
        Rule(Move.HANDED_OVER, _BOTS, _QUEUED, "the bot", "an escalation rule fired, or the engine is down"),
        Rule(
            Move.ENGINE_BACK,
            _QUEUED,
            frozenset({State.RETURNED}),
            "the desk",
            "the engine answers again before anybody claimed",
        ),
        Rule(Move.CLAIMED, _QUEUED, _OWNED, "an agent", "picked from the queue"),
        Rule(Move.ACCEPTED, _QUEUED, _OWNED, "an agent", "an offer was accepted"),
        Rule(
            Move.TAKEN_OVER,
            _BOTS | _QUEUED | _OWNED,
            _OWNED,
            "a senior or a supervisor",
            "taken from the bot, the queue or a colleague",
        ),
        Rule(
            Move.TRANSFERRED,
            _QUEUED | _OWNED,
            _QUEUED | _OWNED,
            "its agent or a supervisor",
            "given to a team, or to a colleague who is there",
        ),
        Rule(Move.RELEASED, _OWNED, _QUEUED, "the desk", "its agent is gone while the customer waits"),
        Rule(
            Move.ESCALATED,
            _QUEUED | _OWNED,
            _QUEUED | _OWNED,
            "the desk",
            "nobody claimed or answered in time: the next tier sees it, the owner stays",
        ),
        Rule(
            Move.GIVEN_BACK,
            _OWNED,
            frozenset({State.RETURNED}),
            "its agent or a supervisor",
            "given back to the bot",
        ),
        Rule(
            Move.RESOLVED,
            _OWNED,
            frozenset({State.CLOSED}),
            "its agent or a supervisor",
            "solved, with a root cause",
        ),
        Rule(
            Move.UNLINKED,
            _BOTS | _QUEUED | _OWNED,
            frozenset({State.CLOSED}),
            "the customer",
            "the chat is not this customer's any more: what is said in it next is another conversation",
        ),
        Rule(
            Move.REOPENED,
            frozenset({State.CLOSED}),
            _BOTS,
            "the customer or a follow-up",
            "somebody writes into a closed conversation",
        ),
    )
}


def state_of(owner: str, *, closed: bool, handed_over: bool) -> State:
    """The state that a conversation's columns stand for. `handed_over`: at any time before."""
    if closed:
        return State.CLOSED
    if owner == "queue":
        return State.QUEUED
    if owner == "agent":
        return State.OWNED
    return State.RETURNED if handed_over else State.BOT


def may(move: Move, was: State) -> bool:
    """Whether a conversation in this state can make this move."""
    return was in RULES[move].was


def leads(move: Move, was: State, became: State) -> bool:
    """Whether this is a transition of the machine. What does not change its owner stays in its state."""
    rule = RULES[move]
    if move is Move.ESCALATED:
        return was in rule.was and became is was
    return was in rule.was and became in rule.became


def table() -> str:
    """The machine as docs/ownership.md shows it."""
    lines = ["| move | from | to | by | when |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        was, became = (", ".join(s for s in State if s in states) for states in (rule.was, rule.became))
        lines.append(f"| {rule.move} | {was} | {became} | {rule.by} | {rule.meaning} |")
    return "\n".join(lines)
