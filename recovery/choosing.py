"""What a reply picks: one of the options on the table, one of the things just listed, yes or no, or a rating."""

import re
from collections.abc import Sequence

from recovery import lexicon
from recovery.heard import Heard
from recovery.state import Option
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Remedy, Trigger

YES = frozenset({DialogueAct.AFFIRM, DialogueAct.ACCEPT_OFFER})
NO = frozenset({DialogueAct.DENY, DialogueAct.REJECT_OFFER})
NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
PLACES |= {"last": -1, "latter": -1}
BARE_NUMBER = re.compile(
    r"^\W*(?:the |option |number |no\.? ?|#)*([1-4]|one|two|three|four)\W*(?:please|thanks?)?\W*$", re.I
)
PLACE = re.compile(
    rf"(?<!\ba )(?<!\bone )(?<!\bat )\b({'|'.join(PLACES)})\b(\s+(?:one|option|choice|offer|order|idea))?"
)
SHORT = 4  # words: "the second, please" picks, "the second time this happens" does not
NOT_THAT_PLACE = re.compile(rf"\b(?:not|don'?t want|do not want|no to)\s+(?:the |that )?(?:{'|'.join(PLACES)})\b")
WISHES = re.compile(
    r"\b(?:want|like|prefer|take|rather|please|go (?:with|for)|choose|pick|have (?:the|an?)|keep (?:it|them)|give"
    r"|send|then|instead|just|only)\b"
)
QUESTION = re.compile(
    r"\?|^\W*(?:what|when|where|which|who|why|how|is|are|was|do|does|did|can|could|will|would|has|have)\b"
)
POLITE = frozenset({"please", "pls", "the", "a", "ok", "okay", "thanks", "ta", "yes"})
A_FEW = 5  # words: so short a reply is a pick even without a wish
EITHER = re.compile(
    r"\b(?:whichever|either (?:one|is|will|would|works)|up to you|you (?:choose|decide|pick)"
    r"|any of (?:them|those|these)|(?:don'?t|do not) mind(?: which)?\W*$)"
)
OTHER = re.compile(r"\bthe other (?:one|option|choice|offer)\b|^\W*(?:no\W+)?the other\W*$")
# A remedy named after one of these is not wanted. A negation ends at a pause, or where a wish begins.
_GAP = r"(?:(?!\b(?:but|just|rather|want|need|give|send|i'?d|i'?ll)\b)[^.,;:!?\n]){{0,24}}?"
_ARTICLE = r"(?:(?:an?|the|your|any|some|that|this|my|another|more|other)\s+(?:[^\s.,;:!?]+\s+)?)?"
NOT_THIS = (
    rf"(?:\bno\s+(?:more\s+|other\s+)?{{word}}"
    rf"|\bnot\s+(?:(?:just|only|interested in|looking for|after|having|taking)\s+)?{_ARTICLE}{{word}}"
    rf"|\b(?:don'?t|do not|didn'?t|won'?t|never|no longer)\s+(?:\w+\s+)?"
    rf"(?:want|need|like|fancy|accept|take|ask(?:ed)?)\b{_GAP}\b{{word}}"
    rf"|\b(?:can'?t|cannot|couldn'?t|not going to|don'?t want to|refuse to|tired of|fed up (?:of|with))\s+"
    rf"(?:keep\s+(?:on\s+)?|just\s+|even\s+)?{{word}}"
    rf"|\b(?:don'?t|do not|never) (?:you )?(?:ever |even |dare |bother |try )*"
    rf"(?:dare|bother|try|offer|give|send|fob|insult)(?:ing)?\b{_GAP}\b{{word}}"
    rf"|\b(?:instead of|rather than|better than|(?:keep|stuff|stick|shove) (?:your|ur|that|the)|sick of|enough of"
    rf"|spare me|insult(?:ed|ing)?)\b{_GAP}\b{{word}}"
    rf"|\bthan\s+{_ARTICLE}{{word}}"
    # … and one that is found wanting: "the voucher isn't enough", "a refund is no use to me"
    rf"|\b{{word}}\w*\s+(?:(?:just|really|simply|still)\s+)?"
    rf"(?:isn'?t|aren'?t|won'?t|wouldn'?t|doesn'?t"
    rf"|(?:is|are|would be|will be|does|do)\s+(?:\w+\s+)?(?:not?|useless))\b)"
)
# What is said on the way to a person, rather than to the call or the letter that is on offer.
PERSON_NOW = re.compile(
    r"\b(?:human|person|people|some(?:one|body)|any(?:one|body)|real|agent|advis[eo]r|operator|talk|speak|chat|now"
    r"|at once|straight away|immediately|(?:get|give|fetch|put) me|supervisor)\b"
)
FROM_A_PERSON = {
    Remedy.CALLBACK: ("call", "phone", "ring"),
    Remedy.MANAGER_APOLOGY: ("letter", "writ", "look"),
    Remedy.REPAIR_VISIT: ("mend", "repair", "fix", "visit", "engineer"),
}
# Ways of asking for what is on offer that sound like asking for a person.
OF_THE_OFFER = re.compile(
    r"\bgive me (?:a|the) (?:call|ring)\b|\bsend (?:me )?(?:some(?:one|body)|a person|people)\b"
)
MONEY_BACK = frozenset({Remedy.REFUND, Remedy.PARTIAL_REFUND, Remedy.CHARGE_REVERSAL})
GIVES_MONEY = MONEY_BACK | {Remedy.VOUCHER, Remedy.SERVICE_CREDIT}
MONEY = ("money", "cash", "compensation")
# Wishes that sound like a problem of their own, while what they name is on offer.
SOUNDS_LIKE: dict[tuple[ChallengeType, ...], frozenset[Remedy]] = {
    (ChallengeType.REFUND_DELAY,): MONEY_BACK,
    (ChallengeType.BILLING_ERROR,): MONEY_BACK | {Remedy.SERVICE_CREDIT},
    (ChallengeType.CANCELLATION_PROBLEM,): frozenset({Remedy.CANCEL_AND_CONFIRM, Remedy.REFUND}),
}
CHANGED_MIND = re.compile(
    r"\bchang(?:ed?|ing) my mind\b|\b(?:cancel|change|swap|switch) (?:it|that|this|the booking)\b"
    r"|\binstead\b|\bundo\b|\bafter all\b|\btake (?:it|that|this) back\b|^\W*(?:oh )?(?:no )?wait\b"
    r"(?=.*\b(?:want|rather|prefer|not|no)\b)"
    r"|^\W*actually\W+no\b|\bforget (?:it|that)\b.*\bjust\b"
    r"|\bi'?d (?:actually )?rather\b|\bdon'?t (?:book|do|send) (?:it|that)\b|\bsecond thoughts\b"
    r"|\btoo late now\b|\bno (?:use|good) (?:to (?:me|us) )?(?:now|any ?more)\b"
    r"|\b(?:don'?t|do not|no longer) (?:need|want) (?:it|them|that|this)(?: now| any ?more)?\W*$"
)
CAN_I_HAVE = re.compile(
    r"^\W*(?:(?:so|ok(?:ay)?|well|then|and)\W+)*(?:can|could|may|can'?t|couldn'?t) (?:i|we|you) "
    r"(?:not )?(?:please |just )*(?:have|get|take|keep|send|give|do)\b(?!.*\b(?:when|how|what|why|if)\b)"
)
A_WORD_OR_TWO = 3
SAID_AS_SHOWN = 3  # words of a label
A_PICK = 8  # words: more than this tells something
NEGATED = re.compile(r"\bnot?\b|n't\b|\bnever\b|\?")
MORE = re.compile(
    r"\bis (?:that|this|it) (?:really )?(?:all|it|the best)\b|\bbest (?:that )?you can (?:do|offer)\b"
    r"|\bwhat else (?:can|could|do|have)\b|^\W*(?:any|what) other (?:options?|choices?|offers?)\b"
    r"|\b(?:is|isn'?t) there (?:any|some)thing (?:else|better|more)\b"
    r"|\b(?:anything|something) (?:else|better|more)\b.*\?"
    r"|\b(?:can'?t|can|could|couldn'?t) you do (?:any )?better\b"
)
BARGAINS = re.compile(
    r"\b(?:make it|how about|what about|i(?:'d| would)? (?:want|take|settle for|accept|expect)|give me|at least"
    r"|more like|no less than|deal)\b"
)
HEDGED = re.compile(r"\bbut\b|\bonly if\b|\bas long as\b|\bprovided\b|\bexcept\b|\?\s*$", re.I)


def plain(text: str) -> str:
    """Lower case, with the apostrophes of a phone's keyboard made straight."""
    return text.lower().replace("’", "'").replace("‘", "'")


def ruled_out(option: Option, heard: Heard) -> bool:
    """Whether the reply says that it does not want this option. "I don't want money" means a voucher too."""
    return _rules_out((*option.words, *MONEY) if option.remedy in GIVES_MONEY else option.words, heard)


def spurns_what_is_not_shown(shown: Sequence[Option], heard: Heard) -> bool:
    """ "No, I don't want money", where none is offered: nothing that is on the table is refused."""
    return not heard.choice and _rules_out((*MONEY, "voucher"), heard) and not any(ruled_out(o, heard) for o in shown)


def _rules_out(words: Sequence[str], heard: Heard) -> bool:
    # "I'd keep the rest and have some money back" turns no money down, as "keep the money" does.
    text = re.sub(r"\bkeep the (?:rest|others?)\b", "have them", plain(heard.text))
    return any(re.search(NOT_THIS.format(word=re.escape(w)), text) for w in words)


SHORT_YES = re.compile(
    r"^\W*(?:y|ye|yea|yep|yup|k|ok|okay|aye|yh|both(?: of (?:them|these))?(?: please| pls)?"
    r"|(?:(?:y|ye|yea|yeah|yes|yep|ok|okay|aye|alright|right|go on)\W+)?(?:that|this) one"
    r"(?: (?:then|please|pls|thanks))?)\W*$"
)
SHORT_NO = re.compile(
    r"^\W*(?:n|nah|nope|neither|none|(?:no|not|neither|none) (?:of|to) (?:these|those|them|that|it|either|both)"
    r"|not (?:either|any|that|that one|this)|no,? (?:not that|something else)|something else)"
    r"(?: (?:please|thanks|thank you))?\W*$"
)
HESITATES = re.compile(
    r"^\W*(?:h+m+|u+m+|u+h+|er+m*|not (?:really )?sure|dunno|i don'?t know|idk|let me think|maybe"
    r"|give me a (?:minute|sec\w*)|i'?m not (?:really )?sure|i'?m thinking|bear with me|one (?:moment|minute|sec\w*)"
    r"|(?:(?:actually|oh|ok|wait|just)\W+)*(?:wait|hang on|hold on)(?: a (?:minute|moment|mo|tick|sec\w*))?)\W*$"
)


def short_answer(heard: Heard) -> DialogueAct | None:
    """A yes or a no too short, or too much of a button's words, for the words alone to settle."""
    if heard.choice:
        return None
    text = plain(heard.text)
    if SHORT_YES.match(text):
        return DialogueAct.AFFIRM
    return DialogueAct.DENY if SHORT_NO.match(text) else None


def hesitates(heard: Heard) -> bool:
    """Whether a message only takes its time."""
    return not heard.choice and bool(HESITATES.match(plain(heard.text)))


def wants_more(heard: Heard) -> bool:
    """ "Is that the best you can do?": a refusal, put as a question."""
    return not heard.choice and not heard.challenges and bool(MORE.search(plain(heard.text)))


def bargains_for(options: Sequence[Option], heard: Heard) -> str:
    """The sum that a reply asks for in place of what is offered, as they wrote it; empty where it asks for none."""
    if heard.choice or heard.challenges or not BARGAINS.search(plain(heard.text)):
        return ""
    offered = {o.pence for o in options}
    sums = [e for e in heard.entities if e.name == "pence" and e.value.isdigit()]
    return next((e.text for e in sums if int(e.value) not in offered and int(e.value) > 0), "")


def names(words: Sequence[str], heard: Heard) -> int:
    """How many of these words, or beginnings of words, the reply uses."""
    text = plain(heard.text)
    return sum(1 for w in words if re.search(rf"\b{re.escape(w)}", text))


def by_words(options: Sequence[Option], heard: Heard) -> Option | None:
    """The option whose words the reply uses most, unless it says that it does not want it, or only tells of it."""
    text = plain(heard.text)
    if heard.act is DialogueAct.INFORM and len(text.split()) > A_FEW and not WISHES.search(text):
        return None
    scores = [(0 if ruled_out(o, heard) else names(o.words, heard), o) for o in options]
    best = max((score for score, _ in scores), default=0)
    found = [o for score, o in scores if score == best]
    if best > 0 and len(found) > 1:  # "a call from a manager": the label says which of them
        alike = [(sum(w in text.split() for w in set(plain(o.label).split())), o) for o in found]
        closest = max(shared for shared, _ in alike)
        found = [o for shared, o in alike if shared == closest] if closest >= SAID_AS_SHOWN else found
    return found[0] if best > 0 and len(found) == 1 else None


def place_in(heard: Heard, listed: int) -> int | None:
    """Which of so many listed things a reply picks by its place: a bare number, or "the second one"."""
    if heard.choice or heard.act in (DialogueAct.ASK_INFO, DialogueAct.ASK_STATUS):
        return None
    text = plain(heard.text)
    if bare := BARE_NUMBER.match(text):
        index = int(NUMBER_WORDS.get(bare[1], bare[1])) - 1
        return index if index < listed else None
    found = PLACE.search(text)
    if found is None or NOT_THAT_PLACE.search(text) or not (found[2] or len(text.split()) <= SHORT):
        return None
    index = PLACES[found[1]]
    return index % listed if -listed <= index < listed else None


def names_a_place(heard: Heard) -> bool:
    """Whether a reply picks by place at all, even one that was not listed."""
    return place_in(heard, max(PLACES.values()) + 1) is not None


def choose_option(shown: Sequence[Option], heard: Heard, others: Sequence[Option] = ()) -> Option | None:
    """The option that a reply picks, or None when it picks none surely.

    By its place or a bare yes, only what is `shown` can be meant; by its name, also what comes later or was refused.
    """
    known = (*shown, *(o for o in others if o not in shown))
    if heard.choice:
        wanted = heard.choice.removeprefix("option:") if heard.choice.startswith("option:") else None
        return next((o for o in known if o.id == wanted), None)
    if heard.act is DialogueAct.ASK_INFO:
        return None
    index = place_in(heard, len(shown))
    if index is not None and not ruled_out(shown[index], heard):
        return shown[index]
    if option := by_words(known, heard) or by_words(shown, heard):
        return option
    if heard.act in NO or names_a_place(heard) or not shown:
        return None
    if EITHER.search(plain(heard.text)):
        return shown[0]
    return shown[0] if heard.act in YES and len(shown) == 1 else None


def only_wished(shown: Sequence[Option], heard: Heard) -> frozenset[ChallengeType]:
    """The challenges that a reply names by picking: "no, I want to cancel it", while that is on offer."""
    option = by_words(shown, heard) if WISHES.search(plain(heard.text)) else None
    sound = [c for c in heard.challenges if option and option.remedy in SOUNDS_LIKE.get((c,), ())]
    return frozenset(sound)


def picks_by_name(shown: Sequence[Option], heard: Heard) -> bool:
    """Whether a short reply names one option on the table, whatever act it was taken for.

    Only the table tells "the call, please" from asking for a person.
    """
    text = plain(heard.text)
    # "I'd like my money back", while that is on offer, reports no late refund.
    wants_money = heard.challenges in SOUNDS_LIKE and bool(WISHES.search(text))
    told = heard.challenges and len(text.split()) > A_WORD_OR_TWO and not wants_money
    tells = heard.choice or told or heard.values("order_number") or NEGATED.search(text)
    if tells or len(text.split()) > A_PICK or heard.frustration >= FrustrationLevel.FRUSTRATED:
        return False
    if any(t.name is not Trigger.HUMAN_REQUEST for t in heard.triggers):
        return False
    option = by_words(shown, heard)
    if option is None or (wants_money and option.remedy not in SOUNDS_LIKE[heard.challenges]):
        return False
    person_now = PERSON_NOW.search(OF_THE_OFFER.sub(" ", text))
    if heard.act is DialogueAct.REQUEST_HUMAN and person_now:
        return False
    if heard.trigger(Trigger.HUMAN_REQUEST) is None:
        return True
    return names(FROM_A_PERSON.get(option.remedy, option.words), heard) > 0 and not person_now


def wishes(heard: Heard) -> bool:
    """ "A visit to mend it please": a wish in a few words, even where it was taken for a question."""
    text = plain(heard.text)
    return not heard.choice and bool(WISHES.search(text)) and not QUESTION.search(text)


def says_its_name(options: Sequence[Option], heard: Heard) -> bool:
    """ "Priority delivery": nothing but an option's name picks it. With a question mark it asks about it."""
    option = by_words(options, heard)
    if option is None or heard.choice or heard.text.rstrip().endswith("?"):
        return False
    told = lexicon.words(heard.text) - POLITE
    return bool(told) and told <= lexicon.words(option.label)


def asks_for_one(options: Sequence[Option], heard: Heard) -> bool:
    """ "Can I just have a new one?": a wish, put as a question, for one of what is or was on the table."""
    wish = not heard.choice and not heard.challenges and CAN_I_HAVE.match(plain(heard.text))
    return bool(wish) and by_words(options, heard) is not None


def other_than(agreed: Option, shown: Sequence[Option], heard: Heard) -> Option | None:
    """The one other option, when a reply asks for "the other one"."""
    others = [o for o in shown if o.id != agreed.id]
    asked = not heard.choice and OTHER.search(plain(heard.text))
    return others[0] if asked and len(others) == 1 else None


def says_yes(heard: Heard) -> bool:
    return heard.choice == "yes" or (not heard.choice and heard.act in YES)


def says_no(heard: Heard) -> bool:
    return heard.choice == "no" or (not heard.choice and heard.act in NO)


def confirms(option: Option, heard: Heard) -> bool:
    """A yes to this very option, without an if or a but. A click on an older question's yes is none."""
    if heard.choice:
        return heard.choice == f"yes:{option.id}"
    return heard.act in YES and not HEDGED.search(heard.text)


def confirms_plainly(heard: Heard) -> bool:
    """A typed yes without an if or a but."""
    return not heard.choice and heard.act in YES and not HEDGED.search(heard.text)


def hedges(heard: Heard) -> bool:
    """A yes with an if or a but in it."""
    return not heard.choice and heard.act in YES and bool(HEDGED.search(heard.text))


def changes_mind(heard: Heard) -> bool:
    """Whether a message wants something else than what is booked."""
    if heard.choice:
        return False
    return heard.act is DialogueAct.REJECT_OFFER or bool(CHANGED_MIND.search(plain(heard.text)))
