"""What is in hand: put again after whatever else was said, so that nobody loses the thread."""

import re
from dataclasses import replace

from recovery import identifying, offering, things
from recovery.decision import Decision, Part, Say
from recovery.orders import told_of
from recovery.playbook import Answer
from recovery.situation import Situation
from recovery.state import Progress
from recovery.telling import PERSON
from recovery.words import Stage


def back_to_matter(s: Situation, said: Part | tuple[Part, ...], step: str) -> Decision:
    """Say it, then put again what was in hand, so that nobody loses the thread."""
    again, parts = in_hand(s), said if isinstance(said, tuple) else (said,)
    if again is None:
        return Decision(step, (Say(parts, (PERSON,)),), s.state, about=s.problem)
    first = again.says[0]
    return replace(again, step=step, says=(replace(first, parts=(*parts, *first.parts)), *again.says[1:]))


def in_hand(s: Situation) -> Decision | None:
    """What was asked last, put again. Only to who is verified: an offer tells of an order."""
    problem = s.problem
    if problem is None or not s.verified:
        return None
    if problem.progress is Progress.AGREED:
        return offering.offer_again(s, problem, "utter_offer_back")
    if problem.on_the_table:
        return offering.offer_again(s, problem, "utter_offer_still")
    if s.state.stage is Stage.IDENTIFYING and identifying.needs_order(s, problem):
        return identifying.ask_which_order(s, problem)
    order = s.history.order(problem.order_id) if s.history else None
    if things.waiting(s) is not None and order is not None:
        return things.ask(s, problem, order, None)
    return None


def _products_named(s: Situation) -> frozenset[str]:
    """The shop's products that a message names, also by what the customer has ordered; in lower case."""
    ordered = told_of(s.history, s.heard) if s.history else ()
    names = (*s.heard.values("product"), *(item.name for order in ordered for item in order.items))
    return frozenset(n.lower() for n in names)


def matching(s: Situation) -> Answer | None:
    """The playbook's answer to a question, by its words; what is said of a product that is named comes first."""
    text, named = s.heard.text.lower(), _products_named(s)

    def score(answer: Answer) -> int:
        if answer.products and not named & {p.lower() for p in answer.products}:
            return 0
        found = [w for w in answer.words if re.search(rf"\b{re.escape(w).replace('…', '.{1,30}?')}", text)]
        return len(found) * (2 if answer.products else 1)

    best = max(s.playbook.answers, key=score, default=None)
    return best if best is not None and score(best) > 0 else None
