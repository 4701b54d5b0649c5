"""A running contingency is said first, before the customer explains: what happened, how long, what is done."""

import re
from collections.abc import Iterable
from dataclasses import replace

from recovery.choosing import QUESTION, plain
from recovery.contingencies import Contingency, of_customer, of_problem
from recovery.dates import day
from recovery.decision import Decision, Part, Say
from recovery.orders import told_of
from recovery.playbook import ContingencyKind
from recovery.records import Order
from recovery.situation import Situation
from recovery.telling import in_a_sentence
from recovery.words import DialogueAct, RecoveryStep

ASKS = frozenset({DialogueAct.ASK_INFO, DialogueAct.ASK_STATUS})


def said_first(decision: Decision, s: Situation) -> Decision:
    """The decision with the notice before all else, once in a conversation, and never in place of a person."""
    if not s.around.contingencies or decision.step == "hand_over" or not decision.says:
        return decision
    found = _found(decision, s)
    if found is None or found.id in decision.state.told:
        return decision
    first, *rest = decision.says
    explains = decision.about is not None and found.explains(decision.about.challenge)
    notice = Part("utter_contingency", facts_of(found, s), RecoveryStep.EXPLAIN if explains else None)
    state = replace(decision.state, told=(*decision.state.told, found.id))
    says: tuple[Say, ...] = (replace(first, parts=(notice, *first.parts)), *rest)
    inputs = {**decision.inputs, "contingency_told": found.id}
    return replace(decision, says=says, state=state, inputs=inputs)


def answer(s: Situation) -> tuple[Part, Contingency | None, Order | None] | None:
    """What is said to a question whether there is a strike or a recall; which it is, and the order that it hits."""
    if s.heard.choice or s.heard.challenges or not (s.heard.act in ASKS or QUESTION.search(plain(s.heard.text))):
        return None
    kind = _asked_about(s)
    if kind is None:
        return None
    named = told_of(s.history, s.heard) if s.history else ()
    orders = named or (s.history.orders if s.history else ())
    running = [c for c in s.around.contingencies if c.kind == kind.id and c.runs(s.now)]
    hit = next((c for c in running if any(c.touches(o) for o in named)), None)
    if hit is None and (not named or any(c.hits_everybody for c in running)):
        hit = of_customer(running, s.heard, s.history, s.now)
    if hit is not None:
        order = next((o for o in orders if hit.touches(o)), None)
        return Part("utter_contingency_asked", facts_of(hit, s)), hit, order
    facts = {"title": kind.title.lower(), "yours": _yours(s, [o.title for o in named]), "names": _names(running)}
    return Part("utter_contingency_elsewhere" if running else "utter_no_contingency", facts), None, None


def _asked_about(s: Situation) -> ContingencyKind | None:
    text = plain(s.heard.text)
    kinds = s.playbook.contingencies.values()
    return next((k for k in kinds if any(re.search(rf"\b{re.escape(w)}\b", text) for w in k.words)), None)


def _yours(s: Situation, titles: Iterable[str]) -> str:
    """What of the customer's the answer is about; nothing for somebody whose orders we may not look at."""
    if s.history is None:
        return ""
    return next((f"your {in_a_sentence(t)}" for t in titles), "your orders")


def _names(running: Iterable[Contingency]) -> str:
    return ", ".join(n for c in running for n in (*c.products, *c.couriers, *c.regions))


def facts_of(contingency: Contingency, s: Situation) -> dict[str, str]:
    """What a text may say of it. A recall does not pass, so nobody is told until when."""
    kind = s.playbook.contingencies.get(contingency.kind)
    until = day(contingency.ends_at) if kind is None or kind.passes else ""
    product = ", ".join(contingency.products)
    return {"news": contingency.text, "until": until, "doing": contingency.doing, "product": product}


def _found(decision: Decision, s: Situation) -> Contingency | None:
    """That of the problem in hand, else that of the customer."""
    problem, running = decision.about or decision.state.current, s.around.contingencies
    if problem is not None:
        order = s.history.order(problem.order_id) if s.history else None
        if found := of_problem(running, problem, order, s.heard, s.history, s.now):
            return found
    return of_customer(running, s.heard, s.history, s.now)
