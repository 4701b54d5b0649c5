"""How well a conversation was recovered: a mark for each step and habit, with the messages that earned or lost it.

Deterministic and from values alone. What a conversation had no occasion for is not marked, and is left out of the
mean. A bot's recorded steps count, and an agent's words are read as a bot's are.
"""

from dataclasses import dataclass

from recovery.scorecard_marks import Mark, marks
from recovery.scorecard_reading import Known, Speaker, Utterance, laid_out


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All marks of a conversation, or of one speaker in it (`of`)."""

    of: Speaker | None
    marks: tuple[Mark, ...]

    @property
    def mean(self) -> int | None:
        """The mean of what was marked; none where nothing was."""
        scores = [m.score for m in self.marks if m.score is not None]
        return round(sum(scores) / len(scores)) if scores else None


def scorecards(messages: tuple[Utterance, ...], known: Known) -> tuple[Scorecard, ...]:
    """The whole conversation's, and each speaker's own where both the bot and an agent wrote."""
    ours = [s for s in (Speaker.BOT, Speaker.AGENT) if any(m.who is s for m in messages)]
    whose = (None, *ours) if len(ours) > 1 else (None,)
    return tuple(Scorecard(of, marks(laid_out(messages, known, of))) for of in whose)
