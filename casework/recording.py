"""Put a carried-out decision into words and into the record of its turn."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from casework.carrying_out import Carried, Turning, case_of
from casework.outcome import Decided, HandoffMade, Outcome, Reply
from casework.ports import StepTaken
from casework.wording import SAID, Wording, in_one, tone_of
from recovery.decision import Decision, HandOver, Say
from recovery.details import untold
from recovery.evidence import Evidence, UnknownEvidence
from recovery.playbook import Playbook, Procedure
from recovery.state import Problem, Progress, Recovery, StepDone

REPLIES = uuid.UUID("6f1e3c52-6f0a-4c1b-9a55-0c1d8f6f2b11")  # the namespace of reply ids
ANSWERED = "answered"
RESULTS = {
    "book": "recovered",
    "hand_over": "handed_over",
    "status": ANSWERED,
    "with_a_person": ANSWERED,
    "answer": ANSWERED,
    "contingency_asked": ANSWERED,
}
SETTLED = (Progress.BOOKED, Progress.ESCALATED)


def reply_id(message_id: str, index: int) -> str:
    """The id of the n-th reply to a message: a repeated turn makes the same messages, not new ones."""
    return uuid.uuid5(REPLIES, f"{message_id}/{index}").hex


def refuse_unknown(cited: Iterable[Evidence], known: frozenset[Evidence]) -> None:
    """Raise UnknownEvidence when a reason cites what nobody has stored."""
    if unknown := sorted(set(cited) - known):
        names = ", ".join(str(e) for e in unknown)
        raise UnknownEvidence(f"The rationale cites records that are not stored: {names}")


def record(
    wording: Wording, carried: Carried, turn: Turning, decision: Decision, playbook: Playbook, now: datetime
) -> tuple[Outcome, Recovery]:
    """The outcome of a turn and the state after it."""
    scribe = _Scribe(wording, carried, turn, decision)
    replies = tuple(r for i, s in enumerate(decision.says) if (r := scribe.reply(s, i)) is not None)
    about = decision.about
    case_id = case_of(about, carried.state) if about and _has_case(about, carried.state) else None
    hand_over = next((e for e in decision.effects if isinstance(e, HandOver)), None)
    outcome = Outcome(
        decision=_decided(decision, case_id, playbook),
        replies=replies,
        steps=tuple(scribe.steps),
        stage=scribe.state.stage,
        mood=scribe.state.mood,
        challenges=tuple(dict.fromkeys(p.challenge.value for p in scribe.state.problems)),
        result=_result(decision, scribe.state),
        handoff=_handoff(hand_over, decision, scribe.state, turn, playbook, now) if hand_over else None,
        surveys=tuple(carried.surveys),
        alerts=tuple(carried.alerts),
    )
    return outcome, scribe.state


def _result(decision: Decision, state: Recovery) -> str | None:
    """What the conversation came to by this turn; a question after a recovery leaves it recovered."""
    result = RESULTS.get(decision.step)
    told = decision.about.key if decision.about and decision.step == "with_a_person" else None
    settled = any(p.progress in SETTLED and p.key != told for p in state.problems)
    return None if result == ANSWERED and settled else result


def _has_case(problem: Problem, state: Recovery) -> bool:
    return any(p.key == problem.key and p.case_id for p in state.problems)


class _Scribe:
    """Words each message once, remembers what was said, and logs the steps that it did."""

    def __init__(self, wording: Wording, carried: Carried, turn: Turning, decision: Decision) -> None:
        self.wording, self.turn, self.decision = wording, turn, decision
        self.state, self.facts = carried.state, carried.facts
        self.steps: list[StepTaken] = []
        self.tone = tone_of(carried.state.mood)

    def reply(self, say: Say, index: int) -> Reply | None:
        message_id = reply_id(self.turn.heard.message_id, index)
        texts, done, said = [], [], []
        for part in say.parts:
            filled = replace(part, facts={**part.facts, **self.facts})
            worded = self.wording.say(filled, self.tone, self.state.said, self.turn.heard.message_id)
            if worded is None:
                continue
            texts.append(worded.text)
            said.append(worded.variant)
            self.state = replace(self.state, said=(*self.state.said, worded.variant)[-SAID:])
            if part.step:
                done.append(part.step)
        if not texts:
            return None
        for step in dict.fromkeys(done):
            self._log(StepDone(step, message_id), say.about or self.decision.about)
        meta: dict[str, str | list[str]] = {"said": said, "tone": self.tone, "steps": [s.value for s in done]}
        return Reply(message_id, in_one(texts), self.wording.buttons(say.buttons), meta)

    def _log(self, done: StepDone, problem: Problem | None) -> None:
        if problem is None or not _has_case(problem, self.state):
            return
        self.state = self.state.with_problem(problem, lambda p: replace(p, steps=(*p.steps, done)))
        self.steps.append(StepTaken(case_of(problem, self.state), done.step, done.message_id))


def _decided(decision: Decision, case_id: str | None, playbook: Playbook) -> Decided:
    return Decided(
        decision.step,
        case_id,
        decision.rules,
        decision.nearly,
        playbook.version,
        decision.inputs,
        decision.reasons,
    )


def _handoff(
    hand_over: HandOver, decision: Decision, state: Recovery, turn: Turning, playbook: Playbook, now: datetime
) -> HandoffMade:
    packet: dict[str, object] = {
        "customer_id": turn.customer_id,
        "problems": [_problem(p, playbook) for p in state.problems],
        "mood": list(state.mood.levels),
        "peak": state.mood.peak,
        "asked": turn.heard.quote,
        "tier": hand_over.tier,
        "vulnerable": hand_over.vulnerable,
        "procedures": [procedure_json(p, now) for p in hand_over.procedures],
    }
    return HandoffMade(
        hand_over.rules,
        hand_over.team,
        hand_over.priority,
        hand_over.priority_reasons,
        decision.inputs,
        hand_over.rationale.sentences,
        packet,
    )


def procedure_json(procedure: Procedure, now: datetime) -> dict[str, object]:
    """The checklist as the agent works through it, with the moment by which each line is due."""
    return {
        "id": procedure.id,
        "title": procedure.title,
        "began_at": now.isoformat(),
        "pages": list(procedure.pages),
        "acknowledge_within_minutes": procedure.acknowledge_within_minutes,
        "checklist": [
            {"id": d.id, "text": d.text, "due_at": (now + timedelta(minutes=d.within_minutes)).isoformat()}
            for d in procedure.checklist
        ],
    }


def _told(p: Problem, playbook: Playbook) -> list[dict[str, str]]:
    titles = {d.id: d.title for d in playbook.challenges[p.challenge].details}
    return [{"title": titles.get(t.detail, t.detail), "words": t.words, "message_id": t.message_id} for t in p.told]


def _problem(p: Problem, playbook: Playbook) -> dict[str, object]:
    agreed = p.option(p.agreed)
    return {
        "challenge": p.challenge.value,
        "title": playbook.challenges[p.challenge].title,
        "case_id": p.case_id,
        "order_id": p.order_id,
        "severity": p.severity.word,
        "progress": p.progress.value,
        "offered": [{"id": o.id, "label": o.label, "rule": o.rule, "pence": o.pence} for o in p.options],
        "refused": list(p.refused),
        "agreed": agreed.label if agreed else None,
        "told": _told(p, playbook),
        "untold": [d.title for d in untold(p, playbook.challenges[p.challenge].details)],
        "steps": [{"step": s.step.value, "message_id": s.message_id} for s in p.steps],
    }
