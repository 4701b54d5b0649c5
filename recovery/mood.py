"""How a conversation feels: it accumulates, decays with what goes right, and is more than the last message."""

from dataclasses import replace

from recovery.heard import Heard
from recovery.state import Mood
from recovery.words import DialogueAct, FrustrationLevel, Trigger

CARRIED = 0.6  # how much of the last feeling a calm message leaves, where something has gone right since
KEPT = 0.7  # and where nothing has
EASED = 0.3  # and how much a message that accepts or thanks leaves
REFUSED, NOT_UNDERSTOOD, LET_DOWN = 0.5, 0.4, 0.6
SLIGHTS = {  # what wears people down, whatever they write
    Trigger.BOT_FAILURE: 0.4,
    Trigger.REPEATED_CONTACT: 0.2,
    Trigger.ABUSIVE_LANGUAGE: 0.3,
}
EASING = frozenset({DialogueAct.ACCEPT_OFFER, DialogueAct.THANK, DialogueAct.AFFIRM})


def after(
    mood: Mood,
    heard: Heard,
    *,
    refused: bool = False,
    not_understood: bool = False,
    let_down: bool = False,
    helped: bool = True,
) -> Mood:
    """The mood after a message. What the reply before did weighs even when the words are calm.

    `let_down`: it said the same again, closed or declined; `helped`: it gave reason to calm down.
    """
    level = int(heard.frustration)
    # Thanks may be bitter, so only thanks without a frustrated word ease.
    eased = heard.act in EASING and heard.frustration <= FrustrationLevel.ANNOYED
    carried = mood.score * (EASED if eased and helped else CARRIED if helped else KEPT)
    slights = sum(w for t, w in SLIGHTS.items() if heard.trigger(t)) if level else 0.0
    slights += REFUSED * refused + NOT_UNDERSTOOD * not_understood + LET_DOWN * let_down
    score = min(3.0, max(level, heard.feeling, carried) + slights)
    frustrated = level >= FrustrationLevel.FRUSTRATED
    return replace(
        mood,
        score=round(score, 2),
        peak=max(mood.peak, level),
        turns_frustrated=mood.turns_frustrated + 1 if frustrated else 0,
        levels=(*mood.levels, level)[-20:],
        before=mood.before if mood.answered else max(mood.before, level),
        after=level if mood.answered else None,
        frustrated_in=(*mood.frustrated_in, heard.message_id)[-20:] if frustrated else mood.frustrated_in,
    )
