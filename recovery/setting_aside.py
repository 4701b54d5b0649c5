"""A calm "never mind": the customer lets it be, and is let go kindly. Bitter words let nothing be."""

import re
from dataclasses import replace

from recovery.choosing import YES, by_words, plain
from recovery.dangers import dangers_of
from recovery.decision import Decision, Part, Say
from recovery.heard import Heard
from recovery.situation import Situation, Topic
from recovery.state import Progress, Recovery
from recovery.words import FrustrationLevel, Severity, Stage

LET_BE = re.compile(
    r"\b(?:never ?mind|nvm|forget (?:it|about it|this|that)|(?:don'?t|no need to) bother|leave it(?: be| for now)?"
    r"|(?:don'?t|no need to) worry(?: about (?:it|that))?|(?:it )?(?:doesn'?t|does not) matter(?: any ?more)?"
    r"|no (?:worries|bother|problem)|(?:it'?s|that'?s) (?:no|not a) (?:big deal|problem|bother))\b"
)
KINDLY = re.compile(
    r"\b(?:(?:it'?s|its|that'?s|that is|i'?m|all) (?:ok(?:ay)?|fine|good|alright|all right)|all good|no worries"
    r"|no big deal|not a (?:big deal|problem)|not important|don'?t worry|i can wait|i'?ll (?:just )?wait"
    r"|thanks|thank you|cheers|ta)\b"
)
BITTER = re.compile(
    r"\b(?:useless|pointless|hopeless|pathetic|rubbish|ridiculous|joke|shambles|disgrace\w*|terrible|awful"
    r"|appalling|whatever|what'?s the point|no point|giv(?:e|ing) up|waste\w*|wasting|typical|obviously|clearly"
    r"|as (?:usual|always)|sick of|fed up|had enough|for nothing|a lot|great help|never (?:again|shop\w*|order\w*)"
    r"|elsewhere|not worth|you (?:lot|people|guys)|stupid|idiot\w*|crap|shit\w*|bloody|damn|ffs|wtf)\b"
    r"|!!|\.\.\.|…|🙄|😡|😤"
)
GOES_ON = re.compile(
    r"\b(?:but|just (?!wait|leave|checking|wondered)|instead|want|need|rather|refund"
    r"|send|person|human|agent|someone|call|money|when|still)\b|\?"
)
SAID_SHORTLY = 12  # words: who writes more tells something


def lets_be(state: Recovery, heard: Heard) -> bool:
    """Whether a message calmly lets the problem in hand be; after a refusal or a cross word, only in kind words."""
    problem, text = state.current, plain(heard.text)
    if problem is None or heard.choice or problem.heard_in == heard.message_id or not LET_BE.search(text):
        return False
    if _tells_more(heard, text) or heard.act in YES or by_words(problem.on_the_table, heard) is not None:
        return False
    if problem.severity >= Severity.CRITICAL or state.vulnerable_in:
        return False
    kindly = bool(KINDLY.search(text))
    tried = any(state.mood.levels[:-1]) or bool(problem.refused or state.misunderstood_in)
    # Giving in sounds annoyed of itself; what is bitter about it stands in words.
    return state.mood.peak < FrustrationLevel.FRUSTRATED and (kindly or not tried)


def _tells_more(heard: Heard, text: str) -> bool:
    """A wish, a question, a new problem, or a bitter word."""
    told = heard.challenges or heard.triggers or heard.values("order_number") or dangers_of(heard)
    return bool(told or BITTER.search(text) or GOES_ON.search(text)) or len(text.split()) > SAID_SHORTLY


def answer(s: Situation) -> Decision | None:
    """All that is still open is withdrawn, with a kind word: no offer again, no person, no survey."""
    if s.topic is Topic.PERSON or not lets_be(s.state, s.heard):
        return None
    problem, state = s.problem, s.state
    for live in (p for p in s.state.problems if p.is_live):
        state = state.changed(live, progress=Progress.DROPPED, agreed=None)
    state = replace(state, stage=Stage.BOOKED if state.last_booked else Stage.OPEN)
    say = Say((Part("utter_set_aside"),))
    return Decision("set_aside", (say,), state, about=problem)
