"""What one turn came to: replies, steps, decision, handoff. Stored by message, so that a repeat gets the same."""

from dataclasses import asdict, dataclass, field

from casework.ports import StepTaken
from recovery.conditions import Facts, NearMiss
from recovery.evidence import Evidence, Sentence
from recovery.state import Mood


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the customer under the id it is stored with."""

    id: str
    text: str
    buttons: tuple[dict[str, str], ...]
    meta: dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is logged."""

    step: str
    case_id: str | None
    rules: tuple[str, ...]
    nearly: tuple[NearMiss, ...]
    playbook_version: str
    inputs: Facts
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class HandoffMade:
    """A handoff as the queue receives it. `packet` is what the agent reads beside live CRM records."""

    rules: tuple[str, ...]
    team: str
    priority: int
    priority_reasons: tuple[str, ...]
    inputs: Facts
    rationale: tuple[Sentence, ...]
    packet: dict[str, object]


@dataclass(frozen=True, slots=True)
class SurveyMade:
    """A survey asked, rated or commented."""

    case_id: str
    asked: bool
    rating: int | None = None
    comment: str | None = None
    kind: str = "csat"


@dataclass(frozen=True, slots=True)
class Alert:
    """What a supervisor must see at once."""

    kind: str
    text: str
    procedure: str = ""  # the playbook's procedure, which says who is paged and until when


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn, decided and carried out."""

    decision: Decided
    replies: tuple[Reply, ...]
    steps: tuple[StepTaken, ...]
    stage: str
    mood: Mood
    challenges: tuple[str, ...]
    result: str | None = None
    handoff: HandoffMade | None = None
    surveys: tuple[SurveyMade, ...] = ()
    alerts: tuple[Alert, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """As it is stored and as the desk reads it."""
        survey = self.surveys[-1] if self.surveys else None
        return {
            "decision": _decision_json(self.decision),
            "replies": [
                {"id": r.id, "text": r.text, "buttons": list(r.buttons), "meta": r.meta} for r in self.replies
            ],
            "steps": [{"case_id": s.case_id, "step": s.step, "message_id": s.message_id} for s in self.steps],
            "handoff": _handoff_json(self.handoff) if self.handoff else None,
            "stage": self.stage,
            "frustration": _mood_json(self.mood),
            "challenges": list(self.challenges),
            "outcome": self.result,
            "survey": _survey_json(survey) if survey else None,
            "alerts": [{"kind": a.kind, "text": a.text, "procedure": a.procedure} for a in self.alerts],
        }


def sentence_json(sentence: Sentence) -> dict[str, object]:
    return {"text": sentence.text, "evidence": [evidence_json(e) for e in sentence.evidence]}


def evidence_json(evidence: Evidence) -> dict[str, str]:
    return {"kind": evidence.kind.value, "id": evidence.id}


def _mood_json(mood: Mood) -> dict[str, object]:
    """The conversation's frustration now, and before and after the first apology or offer."""
    before = mood.before if mood.answered else None
    return {"level": mood.level, "score": mood.score, "before": before, "after": mood.after}


def _decision_json(d: Decided) -> dict[str, object]:
    inputs = {**d.inputs, "nearly_fired": [asdict(m) for m in d.nearly]}
    reasons = [sentence_json(r) for r in d.reasons]
    return {
        "step": d.step,
        "case_id": d.case_id,
        "rules": list(d.rules),
        "playbook_version": d.playbook_version,
        "inputs": inputs,
        "reasons": reasons,
    }


def _handoff_json(h: HandoffMade) -> dict[str, object]:
    return {
        "rules": list(h.rules),
        "team": h.team,
        "priority": h.priority,
        "priority_reasons": list(h.priority_reasons),
        "inputs": dict(h.inputs),
        "rationale": [sentence_json(s) for s in h.rationale],
        "packet": h.packet,
    }


def _survey_json(s: SurveyMade) -> dict[str, object]:
    return {"case_id": s.case_id, "asked": s.asked, "rating": s.rating, "comment": s.comment, "kind": s.kind}
