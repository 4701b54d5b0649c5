"""A running contingency is said first, before the customer explains: what happened, how long, what is done."""

from dataclasses import replace

from recovery.contingencies import Contingency, of_customer, of_problem
from recovery.dates import day
from recovery.decision import Decision, Part, Say
from recovery.situation import Situation
from recovery.words import RecoveryStep


def said_first(decision: Decision, s: Situation) -> Decision:
    """The decision with the notice before all else, once in a conversation, and never in place of a person."""
    if not s.around.contingencies or decision.step == "hand_over" or not decision.says:
        return decision
    found = _found(decision, s)
    if found is None or found.id in decision.state.told:
        return decision
    first, *rest = decision.says
    explains = decision.about is not None and found.explains(decision.about.challenge)
    notice = Part("utter_contingency", facts_of(found), RecoveryStep.EXPLAIN if explains else None)
    state = replace(decision.state, told=(*decision.state.told, found.id))
    says: tuple[Say, ...] = (replace(first, parts=(notice, *first.parts)), *rest)
    inputs = {**decision.inputs, "contingency_told": found.id}
    return replace(decision, says=says, state=state, inputs=inputs)


def facts_of(contingency: Contingency) -> dict[str, str]:
    """What a text may say of it."""
    return {"news": contingency.text, "until": day(contingency.ends_at), "doing": contingency.doing}


def _found(decision: Decision, s: Situation) -> Contingency | None:
    """That of the problem in hand, else that of the customer."""
    problem, running = decision.about or decision.state.current, s.around.contingencies
    if problem is not None:
        order = s.history.order(problem.order_id) if s.history else None
        if found := of_problem(running, problem, order, s.heard, s.history, s.now):
            return found
    return of_customer(running, s.heard, s.history, s.now)
