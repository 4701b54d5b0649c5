"""How a message is meant, given what is on the table or was asked before it."""

import re
from dataclasses import replace

from recovery import (
    advising,
    offering,
)
from recovery.choosing import (
    NO,
    QUESTION,
    YES,
    asks_for_one,
    bargains_for,
    changes_mind,
    confirms_plainly,
    hesitates,
    picks_by_name,
    plain,
    says_its_name,
    short_answer,
    spurns_what_is_not_shown,
    wants_more,
    wishes,
)
from recovery.fine import sounds_fine
from recovery.in_hand import matching
from recovery.languages import asks_for_person
from recovery.situation import Situation, Topic
from recovery.state import Problem
from recovery.words import DialogueAct, FrustrationLevel, Stage, Trigger

ASKING = frozenset({Stage.OFFERING, Stage.CONFIRMING, Stage.CHECKING_BACK})
# "I don't care about the agent, just sort the parcel" refuses nothing.
TROUBLE = re.compile(
    r"\b(?:another|again|yet more|los(?:t|ing)|broken?|breaking|smash\w*|late|no show|missing|wrong|ruin\w*|never"
    r"|nothing|wast(?:ed|ing))\b"
)
NO_PHOTO = re.compile(
    r"^\W*(?:a |the )?(?:photo|picture|pic|image)s?\b\W*(?:no|nope|nah|can'?t)\b"
    r"|\b(?:no|have(?:n'?t| not)(?: got)?(?: a| any)?|don'?t have(?: a| any)?|can'?t (?:take|send)(?: a| any)?) "
    r"(?:photo|picture|pic|image)",
    re.IGNORECASE,
)
AND_ALSO = re.compile(
    r"^\W*(?:(?:ok|okay|thanks|ta|great|cool|right|yes|yeah)\W+)*(?:and|also|what about|how about)\b"
)
TO_CHANGE = re.compile(r"\b(?:need|want|have|like) to (?:change|update|correct)\b")
NEVER_MIND = re.compile(r"\bdo(?:n['’]?t| not) care (?:about|what|who|how|why)\b", re.IGNORECASE)
ASIDES = {
    DialogueAct.THANK: Topic.SMALL_TALK,
    DialogueAct.GREET: Topic.SMALL_TALK,
    DialogueAct.GOODBYE: Topic.SMALL_TALK,
    DialogueAct.CHITCHAT: Topic.SMALL_TALK,
    DialogueAct.OUT_OF_SCOPE: Topic.OUTSIDE,
}


def routed(s: Situation) -> Situation:
    """A message that was no answer to a survey, no language at all, or bitter thanks, is taken for what it is."""
    # "?", "👍": not to be guessed at, least of all as a yes
    wordless = s.topic is not Topic.PERSON and not any(c.isalnum() for c in s.heard.text)
    if (s.heard.unclear == "gibberish" or wordless) and not s.heard.choice:
        return replace(s, topic=Topic.UNCLEAR)
    if s.heard.unclear == "other_language" and not s.heard.choice:
        return replace(s, topic=Topic.PERSON if asks_for_person(s.heard.text) else Topic.OUTSIDE)
    if s.state.stage in ASKING and (act := short_answer(s.heard)):
        survey = s.state.stage is Stage.CHECKING_BACK
        return replace(
            s,
            topic=Topic.ANSWER_SURVEY if survey else Topic.ANSWER_OFFER,
            heard=replace(s.heard, act=act, unclear=""),
        )
    if (meant := _as_meant(s)) is not None:
        return meant
    if s.topic is Topic.ANSWER_SURVEY:
        s = replace(s, topic=ASIDES.get(s.heard.act, Topic.RECOVER))
    if _picks_from_the_table(s):
        other = tuple(t for t in s.heard.triggers if t.name is not Trigger.HUMAN_REQUEST)
        picked = replace(s.heard, act=DialogueAct.ACCEPT_OFFER, triggers=other)
        return replace(s, topic=Topic.ANSWER_OFFER, heard=picked)
    if _asks_the_company(s):
        return replace(s, topic=Topic.QUESTION)
    if s.topic is Topic.SMALL_TALK and _thanks_for_trouble(s):
        return replace(s, topic=Topic.RECOVER, heard=replace(s.heard, act=DialogueAct.REPORT_PROBLEM))
    return replace(s, topic=Topic.RECOVER) if _is_the_matter(s) else s


def _asks_the_company(s: Situation) -> bool:
    """ "Ok and opening hours", "who pays for my day off": the playbook answers it, whatever else it sounds like."""
    text = plain(s.heard.text)
    outside = s.topic is Topic.OUTSIDE and s.heard.unclear != "other_language" and QUESTION.search(text)
    aside = s.problem is None and (
        (s.heard.act in YES and AND_ALSO.match(text))
        or (s.heard.act is DialogueAct.INFORM and TO_CHANGE.search(text))
    )
    return bool(outside or aside) and not s.heard.choice and matching(s) is not None


def _is_the_matter(s: Situation) -> bool:
    """Whether what sounds like small talk, or like a complaint about us, goes on with the recovery."""
    if s.topic is Topic.SMALL_TALK:
        bitter = s.heard.act is DialogueAct.THANK and not s.heard.challenges
        return s.heard.frustration >= FrustrationLevel.FRUSTRATED and not bitter
    # "Hm, I changed my mind" complains of nobody; of "you sent me the wrong thing" the bot has done nothing yet.
    rethinks = s.problem is None and s.state.last_booked is not None and changes_mind(s.heard)
    return s.topic is Topic.BOT_COMPLAINT and (rethinks or bool(s.heard.challenges and not s.state.problems))


def _thanks_for_trouble(s: Situation) -> bool:
    """ "Great job losing my parcel": thanks for what went wrong, when nothing has been done yet to thank for."""
    heard = s.heard
    if heard.act is not DialogueAct.THANK or s.state.problems or any(sounds_fine(c, heard) for c in heard.challenges):
        return False
    return bool(heard.challenges) or TROUBLE.search(plain(heard.text)) is not None


def _as_meant(s: Situation) -> Situation | None:
    """What only the offer on the table, or the question before it, tells how it is meant."""
    if _turned_down(s):
        return replace(s, topic=Topic.ANSWER_OFFER, heard=replace(s.heard, act=DialogueAct.REJECT_OFFER, unclear=""))
    if s.problem is not None and s.topic is Topic.ANSWER_OFFER and advising.asks_difference(s.heard):
        return replace(s, topic=Topic.QUESTION)
    if s.heard.act in NO and (_spurns_another(s) or NEVER_MIND.search(s.heard.text) or NO_PHOTO.search(s.heard.text)):
        return replace(s, heard=replace(s.heard, act=DialogueAct.INFORM))
    doubted = advising.doubts(s.heard) and s.topic in (Topic.BOT_COMPLAINT, Topic.UNCLEAR, Topic.RECOVER)
    if doubted or advising.at_a_loss(s):
        return replace(s, topic=Topic.QUESTION, heard=replace(s.heard, unclear=""))
    if s.state.person_offered and s.problem is None and confirms_plainly(s.heard) and not s.heard.challenges:
        return replace(s, topic=Topic.PERSON)
    if hesitates(s.heard) and s.topic is not Topic.ANSWER_SURVEY:
        return replace(s, topic=Topic.SMALL_TALK, heard=replace(s.heard, act=DialogueAct.CHITCHAT))
    return None


def _spurns_another(s: Situation) -> bool:
    """A refusal of what is not offered, while an offer is on the table."""
    if s.problem is None or s.state.stage is not Stage.OFFERING:
        return False
    return spurns_what_is_not_shown(offering.shown(s.problem), s.heard)


def _turned_down(s: Situation) -> bool:
    """Asked for more while an offer is on the table, also the one they were about to take, or for another sum."""
    if s.problem is None or s.state.stage not in (Stage.OFFERING, Stage.CONFIRMING) or s.topic is Topic.PERSON:
        return False
    bargains = s.state.stage is Stage.OFFERING and bool(bargains_for(s.problem.options, s.heard))
    return wants_more(s.heard) or bargains


def _picks_from_the_table(s: Situation) -> bool:
    """A named alternative is a pick, also where the words alone sound like something else."""
    if s.problem is not None and s.topic is Topic.QUESTION and asks_for_one(s.problem.options, s.heard):
        return True
    if s.problem is not None and s.topic in (Topic.QUESTION, Topic.STATUS) and _wishes(s, s.problem):
        return picks_by_name(offering.shown(s.problem), s.heard)
    talk = s.topic is Topic.SMALL_TALK and s.heard.act in (DialogueAct.CHITCHAT, DialogueAct.GOODBYE)
    offered = s.topic is Topic.ANSWER_OFFER and s.heard.trigger(Trigger.HUMAN_REQUEST) is not None
    if s.problem is None or not (talk or offered or s.topic in (Topic.RECOVER, Topic.PERSON, Topic.OUTSIDE)):
        return False
    return s.heard.act not in NO and picks_by_name(offering.shown(s.problem), s.heard)


def _wishes(s: Situation, problem: Problem) -> bool:
    return wishes(s.heard) or says_its_name(offering.shown(problem), s.heard)
