"""From the engine's answer and the action's outcome to the one record that the desk writes."""

import uuid
from dataclasses import replace
from typing import Any

from casework.engine import Answer
from casework.intake import new_message_id
from casework.ports import (
    Author,
    Button,
    Decision,
    Json,
    Message,
    NewAlert,
    NewHandoff,
    Now,
    Outbound,
    Owner,
    Status,
    StepTaken,
    SurveyNews,
    TurnRecord,
)

ENGINE_DOWN = "R90-engine-down"
OUT_OF_ORDER = "assistant_out_of_order"  # a page of this name goes to the supervisors
NO_PLAYBOOK = "none"  # the rule is the desk's own: no playbook was read, for nothing answered
_REPLIES = uuid.UUID("7f2b4d04-4f0e-4a55-9a7e-6f0f0b1f6f52")


def answered(message: Message, answer: Answer, outcome: Json | None) -> TurnRecord:
    """Everything a turn changes when the bot still owns the conversation."""
    told = outcome or {}
    decision = _decision(told.get("decision"))
    handoff = _handoff(told.get("handoff"), message, decision)
    return TurnRecord(
        status=Status.ANSWERED,
        replies=replies(message, answer),
        nlu=answer.nlu,
        decision=decision,
        steps=tuple(StepTaken(s["case_id"], s["step"], s["message_id"]) for s in told.get("steps") or ()),
        handoff=handoff,
        survey=_survey(told.get("survey")),
        alerts=_alerts(told, handoff),
        frustration=_frustration(told, answer),
        eased=_eased(told),
        challenges=tuple(told["challenges"]) if told.get("challenges") else None,
        outcome=told.get("outcome"),
        owner=Owner.QUEUE if handoff else None,
        rest=Status.HELD if handoff else None,
    )


def withheld(message: Message, answer: Answer, now: Now) -> TurnRecord:
    """A person took over while the bot was writing: keep it all, say nothing, and leave the message to the person."""
    record = answered(message, answer, now.outcome)
    silent = tuple(replace(reply, status=Status.WITHHELD) for reply in record.replies)
    status = Status.HELD if now.status is Status.RECEIVED else now.status
    alerts = _alerts(now.outcome or {}, None)
    kept = replace(record, status=status, replies=silent, alerts=alerts)
    return replace(kept, handoff=None, steps=(), outcome=None, owner=None, rest=None)


def replies(message: Message, answer: Answer) -> tuple[Outbound, ...]:
    """The bot's messages in order, under ids that a repeated turn makes again."""
    return tuple(
        _reply(message, said, index)
        for index, said in enumerate(answer.messages)
        if str(said.get("text") or "").strip()
    )


def engine_down(message: Message, text: str, *, page: bool = False) -> TurnRecord:
    """The truth for the customer and a person's attention; the message still waits for its answer."""
    sentence = f"The assistant could not answer message {message.id}, because its engine did not respond."
    rationale = [{"text": sentence, "evidence": [{"kind": "message", "id": message.id}]}]
    handoff = NewHandoff(
        message_id=message.id,
        rules=(ENGINE_DOWN,),
        playbook_version=NO_PLAYBOOK,
        team="care",
        priority=2,
        priority_reasons=["the assistant is out of order"],
        inputs={"attempts": message.attempts + 1},
        rationale=rationale,
        packet={"asked": message.text},
    )
    return TurnRecord(
        status=Status.RECEIVED,
        replies=(Outbound(new_message_id(), Author.SYSTEM, text, in_reply_to=message.id),),
        handoff=handoff,
        alerts=(NewAlert("engine_down", sentence, OUT_OF_ORDER if page else "", outage=page),),
        owner=Owner.QUEUE,
    )


def _reply(message: Message, said: Json, index: int) -> Outbound:
    meta: Json = dict(said.get("metadata") or {})
    given = str(meta.pop("id", None) or uuid.uuid5(_REPLIES, f"{message.id}/{index}").hex)
    return Outbound(given, Author.BOT, str(said["text"]), "", _buttons(said), message.id, meta)


def _buttons(said: Json) -> tuple[Button, ...]:
    offered = said.get("buttons") or ()
    return tuple(Button(str(b["title"]), str(b["payload"])) for b in offered if b.get("title") and b.get("payload"))


def _decision(told: Json | None) -> Decision | None:
    if not told:
        return None
    return Decision(
        step=told["step"],
        case_id=told.get("case_id"),
        rules=tuple(told.get("rules") or ()),
        playbook_version=str(told.get("playbook_version") or NO_PLAYBOOK),
        inputs=told.get("inputs") or {},
        reasons=list(told.get("reasons") or ()),
    )


def _handoff(told: Json | None, message: Message, decision: Decision | None) -> NewHandoff | None:
    if not told:
        return None
    return NewHandoff(
        message_id=message.id,
        rules=tuple(told["rules"]),
        playbook_version=decision.playbook_version if decision else NO_PLAYBOOK,
        team=told["team"],
        priority=told["priority"],
        priority_reasons=list(told.get("priority_reasons") or ()),
        inputs=told.get("inputs") or {},
        rationale=list(told["rationale"]),
        packet=told.get("packet") or {},
    )


def _survey(told: Json | None) -> SurveyNews | None:
    if not told:
        return None
    return SurveyNews(told["case_id"], told.get("rating"), told.get("comment"), told.get("kind") or "csat")


def _alerts(told: Json, handoff: NewHandoff | None) -> tuple[NewAlert, ...]:
    """Every handoff alerts the staff, once."""
    alerts = tuple(NewAlert(a["kind"], a["text"], a.get("procedure") or "") for a in told.get("alerts") or ())
    if handoff is None or any(a.kind == "handoff" for a in alerts):
        return alerts
    why = handoff.rationale[0]["text"] if handoff.rationale else "A customer waits for a person."
    return (*alerts, NewAlert("handoff", str(why)))


def _frustration(told: Json, answer: Answer) -> int | None:
    """The conversation's level, as the action judged it; without an action, the message's own."""
    judged: Any = (told.get("frustration") or answer.nlu.get("frustration") or {}).get("level")
    return int(judged) if judged is not None else None


def _eased(told: Json) -> tuple[int, int | None] | None:
    """Frustration before the first apology or offer, and since; None before there was one."""
    felt = told.get("frustration") or {}
    return None if felt.get("before") is None else (int(felt["before"]), felt.get("after"))
