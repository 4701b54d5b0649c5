"""What is said beside a recovery: questions, thanks, small talk. Then back to the matter."""

import re
from dataclasses import replace
from datetime import timedelta

from recovery import advising, decided, elsewhere, foretelling, offering
from recovery.asking import ended
from recovery.choosing import QUESTION, hesitates, plain, says_no
from recovery.contingencies import Contingency
from recovery.dates import day
from recovery.decision import Button, Decision, Part, Say
from recovery.fine import ARRIVES
from recovery.following_up import survey_due
from recovery.heard import Heard
from recovery.in_hand import back_to_matter, in_hand, matching
from recovery.languages import language_of
from recovery.lexicon import corrects_us
from recovery.listening import with_photos
from recovery.orders import ARRIVED, SHOWN, is_overdue, telling_words, told_of
from recovery.playbook import Answer
from recovery.records import History, Order
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress
from recovery.telling import (
    IN_THEIR_WORDS,
    PERSON,
    choices,
    in_a_sentence,
    noted,
    order_status,
    which_order,
)
from recovery.words import (
    ChallengeType,
    DialogueAct,
    FrustrationLevel,
    OrderEventKind,
    Stage,
    Tier,
    Trigger,
)

GOODS = "goods"
SEE_TO_IT = "utter_title_see_to_it"

OTHER_ORDER = re.compile(
    r"\b(?:(?:my|the|an?) ?other (?:order|parcel|delivery|package)"
    r"|(?:wrong|different) order|not that (?:order|parcel))\b"
)
OTHER_ONE = re.compile(r"\bthe other one\b")
PEOPLE = (
    r"(?:(?:mum|mom|mother|dad|father|husband|wife|partner|son|daughter|sister|brother|friend|neighbou?r|nan|gran\w*"
    r"|aunt(?:ie|y)?|uncle|cousin|niece|nephew|fianc[eé]e?|boss|colleague|co-?worker|flatmate|housemate|room-?mate"
    r"|boyfriend|girlfriend|client|tenant|landlady|landlord|parents?|kids?|child)(?:-in-law)?)"
)
_THEIRS = r"(?:order|account|booking|plan|subscription|parcel|package|delivery|deliveries)"
SOMEBODY_ELSES = re.compile(
    rf"\b(?:my|our) {PEOPLE}(?:'?s'?)? (?:\w+ )?{_THEIRS}\b"
    rf"|\b(?:the|a) {_THEIRS} (?:is |was )?for (?:my|our) {PEOPLE}\b"
    rf"|\b(?:for|on behalf of) (?:my|our) {PEOPLE}\b.*\b(?:her|his|their) (?:\w+ )?{_THEIRS}\b"
    rf"|\b(?:my|our) {PEOPLE} (?:says|said|tells|told|thinks|reckons|asks|wants)\b"
    rf".*\b(?:her|his|their) (?:\w+ )?{_THEIRS}\b"
    rf"|\b(?:some(?:one|body)|any(?:one|body)) else'?s (?:order|account|parcel)\b"
    rf"|\b(?:not (?:on |in )?my (?:own )?account|(?:in|under|on) (?:her|his|their|my {PEOPLE}'?s) (?:name|account))\b"
)
THING_OF = re.compile(
    rf"\b(?:my|our) {PEOPLE}'?s'? ((?:\w+ ?){{1,3}})"
    rf"|\b(?:for|on behalf of) (?:my|our) {PEOPLE}\b.*?\b(?:her|his|their) ((?:\w+ ?){{1,3}})"
)
GRAVE = (Trigger.SAFETY_RISK, Trigger.FRAUD_RISK, Trigger.LEGAL_THREAT, Trigger.HUMAN_REQUEST)
FOR_NOTHING = re.compile(
    r"\b(?:thank(?:s| you)|thx|cheers|ta)\b[^.!?]*"
    r"\bfor (?:nothing|nowt|wasting|ruining|messing|the (?:runaround|headache))\b"
)
GUSHING = re.compile(
    r"\b(?:thanks|thank you|cheers) (?:a (?:lot|bunch|million)|so much|ever so|very much)\b"
    r"|\b(?:great|big|real|massive|brilliant|fantastic|some|so|very) help(?:ful)?\b|\bhelps? (?:a lot|loads)\b"
)
WHAT_ABOUT = re.compile(r"\b(?:what|how) about\b|\bwho pays\b")
# Nobody is asked what they can be helped with while we are at it.
WHILE_IN_HAND = {"utter_greet": "utter_greet_in_hand", "utter_chitchat": "utter_chitchat_in_hand"}
OF_THE_TIER = {"loyalty": "utter_answer_tier", "offers": "utter_answer_offers_tier"}
CAN_GO_BACK = ("utter_answer_return_until", "utter_answer_return_over")
COVERED = ("utter_answer_covered_until", "utter_answer_covered_over")
RETURNS, WARRANTY = "returns", "warranty"  # answers that the customer's own orders and tier make more telling


def make_it_right(order: Order) -> Button:
    """The offer to recover an order that turned out to be late, or lost."""
    challenge = ChallengeType.LOST_PARCEL if order.lost else ChallengeType.LATE_DELIVERY
    return Button("utter_title_put_it_right", DialogueAct.REPORT_PROBLEM, f"challenge:{challenge}@{order.id}")


def wants_other_order(s: Situation, problem: Problem) -> bool:
    """Whether a reply says that the order in hand is not the one. "The other one" may also mean an alternative."""
    if s.heard.choice or problem.order_id is None:
        return s.heard.choice == "other_order"
    text, table = plain(s.heard.text), offering.shown(problem)
    if OTHER_ORDER.search(text):
        return True
    between_two = len(table) > 1 and (problem.progress is Progress.AGREED or not _another_may_be(s, problem))
    return bool(OTHER_ONE.search(text)) and says_no(s.heard) and not between_two


def _another_may_be(s: Situation, problem: Problem) -> bool:
    """Whether the customer has another order that it can be: what came long ago is not still awaited."""
    ruled_out = (problem.order_id, *problem.not_orders)
    others = [o for o in (s.history.orders if s.history else ()) if o.id not in ruled_out]
    return any(problem.challenge not in ARRIVES or o.last(*ARRIVED) is None for o in others)


def aside(s: Situation) -> Decision | None:
    """The answer to what is no part of the recovery itself, or None when it is."""
    if s.topic not in (Topic.PERSON, Topic.ANSWER_OFFER) and (about := foretelling.answer(s)):
        return _told_of(s, *about)
    if s.topic not in (Topic.PERSON, Topic.BOT_COMPLAINT) and (advised := advising.answer(s)):
        return advised
    match s.topic:
        case Topic.STATUS:
            return _status(s)
        case Topic.QUESTION:
            return _question(s)
        case Topic.SMALL_TALK:
            return _small_talk(s)
        case Topic.OUTSIDE:
            return _outside(s)
        case Topic.BOT_COMPLAINT:
            return back_to_matter(s, _own_failure(s), "bot_failure")
        case Topic.UNCLEAR:
            return _rephrase(s)
    return None


def _rephrase(s: Situation) -> Decision:
    """Not understood: in other words, with choices where there is nothing in hand to go back to."""
    if in_hand(s) is not None:
        return back_to_matter(s, Part("utter_rephrase_in_hand"), "rephrase")
    return Decision("rephrase", (Say((Part("utter_rephrase"),), (*choices(s), PERSON)),), s.state, about=s.problem)


def _told_of(s: Situation, part: Part, hit: Contingency | None, order: Order | None) -> Decision:
    """There is a strike, a recall, or none; what does not pass by itself can be put right at once."""
    told = (*s.state.told, hit.id) if hit else s.state.told
    decision = back_to_matter(replace(s, state=replace(s.state, told=told)), part, "contingency_asked")
    kind = s.playbook.contingencies.get(hit.kind) if hit else None
    if kind is None or kind.passes or order is None or s.problem is not None:
        return decision
    choice = f"challenge:{kind.challenges[0]}@{order.id}"
    ask = Say(
        (part, Part("utter_shall_i_see_to_it")), (Button(SEE_TO_IT, DialogueAct.REPORT_PROBLEM, choice), PERSON)
    )
    return replace(decision, says=(ask,), state=replace(decision.state, to_put_right=choice))


def _own_failure(s: Situation) -> Part:
    """Who says that they were taken wrongly hears what we have, so that they need not say it all again."""
    titles = [f"the {s.playbook.challenges[p.challenge].title}" for p in s.state.problems if p.is_live]
    if titles and corrects_us(s.heard.text):
        return Part("utter_own_mishearing", {"problems": " and ".join(dict.fromkeys(titles))})
    return Part("utter_own_bot_failure")


def somebody_elses(s: Situation) -> Decision | None:
    """An order on another person's account is shown to nobody but them, and a person can help both."""
    heard = s.heard
    grave = (
        any(heard.trigger(t) for t in GRAVE)
        or heard.frustration >= FrustrationLevel.FURIOUS
        or heard.act is DialogueAct.REQUEST_HUMAN
    )
    own = s.history is not None and any(s.history.order(n) for n in heard.values("order_number"))
    if heard.choice or grave or own or s.topic in (Topic.PERSON, Topic.QUESTION):
        return None
    if not (SOMEBODY_ELSES.search(plain(heard.text)) or _their_thing(s)):
        return None
    state = s.state
    for p in state.problems:
        if p.is_live and p.order_id is None:
            state = state.changed(p, progress=Progress.DROPPED)
    told = Say((Part("utter_somebody_elses"),), (PERSON,))
    return Decision("somebody_elses", (told,), replace(state, stage=Stage.OPEN))


def _their_thing(s: Situation) -> bool:
    """A product of ours in somebody else's hands, which is in no order of this customer's."""
    products = telling_words(" ".join(s.heard.values("product")))
    orders = s.history.orders if s.history else ()
    own = telling_words(" ".join(item.name for order in orders for item in order.items))
    named = [telling_words(one[1] or one[2]) & products for one in THING_OF.finditer(plain(s.heard.text))]
    return any(words and not words & own for words in named)


def shown_something(s: Situation) -> Decision:
    """A message of a photo, a recording or a place alone: it is thanked for, and what was in hand goes on."""
    thanks = Part(got(s.heard))
    seen = replace(s, state=with_photos(s.state, s.heard))
    if in_hand(seen) is not None or seen.problem is not None:
        return back_to_matter(seen, thanks, "got_file")
    return back_to_matter(seen, (thanks, Part("utter_what_about_it")), "got_file")


def got(heard: Heard) -> str:
    """The response that thanks for what came with a message."""
    if "photo" in heard.files:
        return "utter_got_photo"
    if "audio" in heard.files:
        return "utter_got_recording"
    return "utter_got_file" if heard.files else "utter_got_something"


def _status(s: Situation) -> Decision | None:
    if (answer := matching(s)) and answer.id in OF_THE_TIER and not (s.history and told_of(s.history, s.heard)):
        return _question(s)  # "any deals on at the moment?" asks after no order
    if s.history is None:
        how = "utter_status_ask_for_email" if s.around.mails_codes else "utter_status_sign_in"
        return Decision("status", (Say((Part(how),), (PERSON,)),), s.state)
    numbers = (s.heard.picked_order,) if s.heard.picked_order else s.heard.values("order_number")
    if numbers and all(s.history.order(n) is None for n in numbers):
        ask = which_order(s.history.orders[:SHOWN], s, "utter_order_not_found", DialogueAct.ASK_STATUS)
        return Decision("status", (ask,), s.state)
    order = _asked_about(s.history, numbers, s)
    live = s.problem
    if aside := _about_another(s, order):
        return aside
    if live is not None and live.heard_in == s.heard.message_id and live.challenge not in ARRIVES:
        return None  # "where is my refund?" tells of a late refund: it is recovered, not looked up
    if live is not None and live.on_the_table:
        return _with_offer(s, live)
    if live is not None and s.state.stage is Stage.IDENTIFYING and in_hand(s) is not None:
        return back_to_matter(s, Part("utter_status_which_first"), "status")
    if live is None and (booked := advising.under_way_already(s, order)):
        return booked
    if (case := elsewhere.open_case(s, order)) is not None:
        return Decision("status", (Say((elsewhere.open_case_part(case, s),), (PERSON,)),), s.state)
    return _status_of(s, order)


def _status_of(s: Situation, order: Order | None) -> Decision:
    """Where an order is, or what was decided about it."""
    if order is None:
        return Decision("status", (Say((Part("utter_status_no_orders"),)),), s.state)
    if (settled := decided.told(s, order)) is not None:
        return Decision("status", (Say((settled,), (PERSON,)),), s.state)
    wrong = is_overdue(order, s.now) or order.lost is not None
    right = make_it_right(order)
    buttons = (right, PERSON) if wrong else ()
    state = replace(s.state, to_put_right=right.choice if wrong else "")
    return Decision("status", (Say((order_status(order, s),), buttons),), state)


def _with_offer(s: Situation, live: Problem) -> Decision:
    """Asked where it stands while the alternatives are on the table."""
    if how_long := advising.how_long(s):
        return how_long
    if s.heard.frustration >= FrustrationLevel.FRUSTRATED:
        return back_to_matter(s, Part("utter_right_to_be_cross"), "status")
    return back_to_matter(s, noted(s) or _case_part(s, live), "status")


def _about_another(s: Situation, order: Order | None) -> Decision | None:
    """Asked about one thing while another is in hand: the answer is about the thing that was asked about."""
    live, history = s.problem, s.history
    if order is None or history is None or live is None or not live.on_the_table or live.order_id in (None, order.id):
        return None
    if order not in told_of(history, s.heard):
        return None
    if any(p.is_live and p.order_id == order.id for p in s.state.problems):
        next_one = Part("utter_status_next", {"item": in_a_sentence(order.title)})
        return back_to_matter(s, next_one, "status")
    return back_to_matter(s, order_status(order, s), "status")


def _asked_about(history: History, numbers: tuple[str, ...], s: Situation) -> Order | None:
    """The order asked about: by number, by what is in it, else the one overdue, else the latest."""
    for number in numbers:
        if order := history.order(number):
            return order
    named = told_of(history, s.heard)
    if len(named) == 1:
        return named[0]
    overdue = [o for o in history.orders if is_overdue(o, s.now)]
    return next(iter(overdue or history.orders), None)


def _case_part(s: Situation, problem: Problem) -> Part:
    title = s.playbook.challenges[problem.challenge].title
    return Part("utter_status_in_hand", {"problem": title, "case": problem.case_id or ""})


def _question(s: Situation) -> Decision:
    if answer := matching(s):
        parts = (Part("utter_answer", {"answer": answer.text}), *_own(s, answer))
        return back_to_matter(s, parts, "answer")
    if asked := advising.how_long(s):
        return asked
    if s.problem is None and advising.asks_how_long(s.heard) and (booked := advising.under_way_already(s, None)):
        return booked
    if s.problem is None and s.history and len(named := told_of(s.history, s.heard)) == 1:
        return _status_of(s, named[0])  # "and the lamp?"
    return back_to_matter(s, Part("utter_no_answer"), "no_answer")


def _own(s: Situation, answer: Answer) -> tuple[Part, ...]:
    """What the answer means for this customer."""
    if s.history is None:
        return ()
    if answer.id in OF_THE_TIER and s.history.customer.tier is not Tier.STANDARD:
        return (Part(OF_THE_TIER[answer.id], {"tier": s.history.customer.tier.value}),)
    if answer.id == WARRANTY and told_of(s.history, s.heard):
        return _until(s, s.history, s.playbook.guarantee_days, COVERED)
    return _until(s, s.history, s.playbook.return_days, CAN_GO_BACK) if answer.id == RETURNS else ()


def _until(s: Situation, history: History, lasts: int, responses: tuple[str, str]) -> tuple[Part, ...]:
    """Until when it holds of what came: the order that is named, else the latest one. `lasts` is in days.

    `responses`: what is said while it holds, and after.
    """
    goods = [o for o in history.orders if o.kind == GOODS and o.last(OrderEventKind.DELIVERED)]
    named = [o for o in told_of(history, s.heard) if o in goods]
    order = next(iter(named or goods), None)
    came = order.last(OrderEventKind.DELIVERED) if order else None
    if order is None or came is None or order.last(OrderEventKind.RETURN_REQUESTED):
        return ()
    until = came.at + timedelta(days=lasts)
    facts = {"item": in_a_sentence(order.title), "day": day(came.at), "until": day(until)}
    if until.date() >= s.now.date():
        return (Part(responses[0], facts),)
    return (Part(responses[1], facts),) if named else ()


def _bitterly(s: Situation) -> bool:
    """Thanks that thank for nothing: also "thanks a lot, great help", after cross words and with nothing done."""
    text, mood = plain(s.heard.text), s.state.mood
    if s.heard.frustration >= FrustrationLevel.FRUSTRATED or FOR_NOTHING.search(text):
        return True
    cross = max(mood.levels[:-1], default=0) >= FrustrationLevel.FRUSTRATED
    return cross and s.state.last_booked is None and bool(GUSHING.search(text))


def _small_talk(s: Situation) -> Decision:
    if s.heard.act is DialogueAct.THANK and _bitterly(s):
        return back_to_matter(s, Part("utter_thanks_in_anger"), "thanks_in_anger")
    ending = s.heard.act in (DialogueAct.THANK, DialogueAct.GOODBYE)
    if ending and s.problem is None and s.state.stage is Stage.BOOKED and survey_due(s.state):
        return ended(s)
    if s.heard.act is DialogueAct.THANK and s.problem is not None:
        # Sincere or not: nothing is put right yet, and "you're welcome" would mock whoever meant it bitterly.
        return back_to_matter(s, Part("utter_thanks_early"), "small_talk")
    response = {
        DialogueAct.THANK: "utter_you_are_welcome",
        DialogueAct.GREET: "utter_greet",
        DialogueAct.GOODBYE: "utter_goodbye",
    }.get(s.heard.act, "utter_chitchat")
    if response == "utter_goodbye" and s.problem is not None:
        response = "utter_goodbye_unsolved"
    if in_hand(s) is not None:
        response = WHILE_IN_HAND.get(response, response)
    if s.heard.act is DialogueAct.CHITCHAT and hesitates(s.heard):
        return _take_your_time(s)
    text = plain(s.heard.text)
    asks = WHAT_ABOUT.search(text) or QUESTION.search(text)
    if s.heard.act is DialogueAct.CHITCHAT and asks and matching(s):
        return _question(s)
    name = f" {s.first_name}" if s.first_name else ""
    return back_to_matter(s, Part(response, {"name": name, "company": s.playbook.company}), "small_talk")


def _take_your_time(s: Situation) -> Decision:
    """No hurry; and where nothing is in hand, something to choose from."""
    if in_hand(s) is not None:
        return back_to_matter(s, Part("utter_take_your_time"), "small_talk")
    return Decision("small_talk", (Say((Part("utter_take_your_time"),), (*choices(s), PERSON)),), s.state)


def _outside(s: Situation) -> Decision:
    if s.heard.unclear == "other_language":
        code = language_of(s.heard.text)
        response = f"utter_other_language_{code}" if code else "utter_other_language"
        return Decision("other_language", (Say((Part(response),), (IN_THEIR_WORDS.get(code, PERSON),)),), s.state)
    response = "utter_outside" if in_hand(s) is None else "utter_outside_in_hand"
    return back_to_matter(s, Part(response), "outside")
