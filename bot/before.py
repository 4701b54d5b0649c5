"""What was said in a conversation before a message, as its tracker tells it."""

from __future__ import annotations

import itertools

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.course import CUSTOMER, LOOKED_BACK

HANDED_OVER = ("stage", "handed_over")
LOOKED_AT = 400  # events: a turn makes about ten, and nothing may grow with a conversation's length


def before(tracker: DialogueStateTracker) -> list[dict[str, str]]:
    """The last turns, the oldest first. What the bot said in several messages is one turn; a button is nobody's words.

    What a person has taken over is over: after that the conversation begins anew.
    """
    latest = itertools.islice(reversed(tracker.events), LOOKED_AT)
    events = itertools.takewhile(lambda event: not _hands_over(event), latest)
    said = [event for event in events if isinstance(event, (UserUttered, BotUttered)) and _in_words(event)]
    turns = [_turn(who, list(group)) for who, group in itertools.groupby(said, key=_who)]
    return turns[:LOOKED_BACK][::-1]


def _hands_over(event: Event) -> bool:
    return isinstance(event, SlotSet) and (event.key, event.value) == HANDED_OVER


def _in_words(event: UserUttered | BotUttered) -> bool:
    return bool(event.text) and not event.text.startswith("/")


def _who(event: Event) -> str:
    return CUSTOMER if isinstance(event, UserUttered) else "bot"


def _turn(who: str, events: list[Event]) -> dict[str, str]:
    """`events` the latest first."""
    return {"who": who, "text": "\n".join(event.text for event in reversed(events))}
