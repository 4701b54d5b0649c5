"""The details to listen for: what messages have told of a problem, and what is still untold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from recovery.heard import Heard
from recovery.state import Problem, Recovery, Told


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing worth knowing about a challenge: heard as an entity, or by words that begin so."""

    id: str
    title: str
    entities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def heard_in(self, heard: Heard) -> str:
        """The customer's words that tell it; empty when they do not."""
        for name in self.entities:
            if entity := next((e for e in heard.entities if e.name == name), None):
                return entity.text or entity.value
        text = heard.text.lower()
        found = (re.search(rf"\b{re.escape(word)}[\w-]*(?:\s+[\w'-]+){{0,3}}", text) for word in self.words)
        return next((m[0] for m in found if m), "")


def noted(state: Recovery, problem: Problem, details: Iterable[Detail], heard: Heard) -> Recovery:
    """The state once the details of a message are noted on its problem; what was told first stands."""
    known = {t.detail for t in problem.told}
    told = ((d.id, words) for d in details if d.id not in known and (words := d.heard_in(heard)))
    new = tuple(Told(detail, words[:80], heard.message_id) for detail, words in told)
    return state.with_problem(problem, lambda p: replace(p, told=(*p.told, *new))) if new else state


def untold(problem: Problem, details: Iterable[Detail]) -> tuple[Detail, ...]:
    """What a person may still want to ask."""
    known = {t.detail for t in problem.told}
    has_order = problem.order_id is not None
    return tuple(d for d in details if d.id not in known and not (has_order and "order_number" in d.entities))
