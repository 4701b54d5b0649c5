"""Come back when it was promised: compose the check-back or the survey that is due in a conversation."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.ports import Decision
from casework.wording import Wording, in_one, tone_of
from recovery.conditions import Facts, NearMiss
from recovery.decision import RecordSurvey, Say
from recovery.following_up import ask_check_back, ask_survey, checked_by, problem_of, survey_facts
from recovery.playbook import Playbook
from recovery.records import FollowUp
from recovery.state import Progress, Recovery
from recovery.words import FollowUpKind, Stage

FOLLOW_UPS = uuid.UUID("0f6a1f5e-0d51-4a6e-8a5c-5e0f2a2f7d10")  # the namespace of follow-up messages' ids
# Nothing is under way that a follow-up would interrupt. A survey that nobody answers must not hold a promise back.
QUIET = frozenset({Stage.OPEN, Stage.BOOKED, Stage.SURVEYING, Stage.COMMENTING})


@dataclass(frozen=True, slots=True)
class Composed:
    """A message to send, and the state that waits for its answer."""

    message_id: str
    text: str
    buttons: tuple[dict[str, str], ...]
    meta: dict[str, Any]
    state: Recovery
    survey: RecordSurvey | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Says what a due follow-up says, or that there is nothing to ask any more."""

    wording: Wording
    playbook: Callable[[], Playbook]

    def compose(
        self, follow_up: FollowUp, state: Recovery, surveyed_at: datetime | None, now: datetime
    ) -> Composed | None:
        """The message of a due follow-up; None when the case was asked already or is not of this state."""
        problem = problem_of(state, follow_up.case_id)
        if problem is None or problem.progress is not Progress.BOOKED:
            return None
        if follow_up.kind is FollowUpKind.SURVEY:
            if follow_up.case_id in state.surveyed:
                return None
            asked = ask_survey(state, follow_up.case_id, self.playbook(), surveyed_at, now)
            if asked is None:
                return None
            decided = self._decided(follow_up, (asked.rule,), asked.facts, asked.nearly)
            return self._composed(follow_up, asked.say, asked.state, asked.record, decided)
        say, waiting = ask_check_back(state, problem, self.playbook())
        decided = self._decided(follow_up, checked_by(problem), survey_facts(state, follow_up.case_id))
        return self._composed(follow_up, say, waiting, None, decided)

    def _decided(
        self, follow_up: FollowUp, rules: tuple[str, ...], facts: Facts, nearly: tuple[NearMiss, ...] = ()
    ) -> Decision:
        """Why it is asked, as every other decision is logged."""
        inputs = {**facts, "due_at": follow_up.due_at.isoformat(), "nearly_fired": [asdict(m) for m in nearly]}
        step = f"ask_{follow_up.kind}"
        return Decision(step, follow_up.case_id, rules, self.playbook().version, inputs, [])

    def _composed(
        self, follow_up: FollowUp, say: Say, state: Recovery, survey: RecordSurvey | None, decided: Decision
    ) -> Composed:
        worded = [self.wording.say(p, tone_of(state.mood), state.said, follow_up.id) for p in say.parts]
        texts = [w.text for w in worded if w]
        said = replace(state, said=(*state.said, *(w.variant for w in worded if w)))
        buttons = self.wording.buttons(say.buttons)
        meta = {"follow_up": follow_up.id, "kind": follow_up.kind.value, "case": follow_up.case_id}
        message_id = uuid.uuid5(FOLLOW_UPS, follow_up.id).hex
        return Composed(message_id, in_one(texts), buttons, meta, said, survey, decided)


def may_interrupt(state: Recovery, silent: timedelta, playbook: Playbook) -> bool:
    """Whether a follow-up may be sent now: never in the middle of a recovery, unless the customer has left it."""
    if state.stage is Stage.HANDED_OVER:
        return False
    left = silent >= timedelta(minutes=playbook.quiet_minutes)
    return left or (state.stage in QUIET and state.current is None and state.changing is None)
