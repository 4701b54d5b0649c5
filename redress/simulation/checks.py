"""Compare what was expected with what came. Each check yields sentences: what was expected, and what came."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from casework.carrying_out import LOW_RATING
from recovery.evidence import Evidence
from recovery.records import FollowUp
from recovery.words import EvidenceKind, FollowUpKind, Remedy
from redress.records import CaseRecord, ConversationRecord
from redress.simulation.script import (
    CaseExpected,
    CompensationExpected,
    DatabaseExpected,
    FollowUpExpected,
    HandoffExpected,
    NluExpected,
    ReasonExpected,
    ReplyExpected,
    SurveyExpected,
)
from redress.webchat import ChatMessage

_SHOWN = 300


def reply_misses(expected: ReplyExpected, replies: Sequence[ChatMessage]) -> Iterator[str]:
    """What the replies to one message should and should not say."""
    said = "\n".join(reply.text for reply in replies)
    plain = _plain(said)
    came = f"it was “{_short(said)}”" if said else "there was no reply"
    for words in expected.contains:
        if _plain(words) not in plain:
            yield f"expected the reply to contain “{words}”; {came}"
    if expected.contains_one_of and not any(_plain(words) in plain for words in expected.contains_one_of):
        yield f"expected the reply to contain one of {_list(expected.contains_one_of)}; {came}"
    for words in expected.not_contains:
        if _plain(words) in plain:
            yield f"expected the reply not to contain “{words}”; {came}"
    for pattern in expected.matches:
        if not re.search(pattern, said, re.IGNORECASE):
            yield f"expected the reply to match /{pattern}/; {came}"


def button_misses(expected: Sequence[str], replies: Sequence[ChatMessage]) -> Iterator[str]:
    """The buttons that should be there, by a part of their title."""
    titles = [title for reply in replies for title, _ in reply.buttons]
    for wanted in expected:
        if not any(_plain(wanted) in _plain(title) for title in titles):
            yield f"expected a button “{wanted}”; there were {_list(titles) or 'none'}"


def nlu_misses(expected: NluExpected, heard: Any) -> Iterator[str]:
    """What should have been heard in a message."""
    if not heard:
        yield "expected an NLU result; none is stored"
        return
    act = heard["dialogue_act"]["name"]
    if expected.act and act != expected.act:
        yield f"expected the dialogue act {expected.act}; it was {act}"
    challenges = [found["type"] for found in heard["challenges"]]
    for challenge in expected.challenges:
        if challenge not in challenges:
            yield f"expected the challenge {challenge}; heard were {_list(challenges) or 'none'}"
    triggers = [found["name"] for found in heard["triggers"]]
    for trigger in expected.triggers:
        if trigger not in triggers:
            yield f"expected the trigger {trigger}; heard were {_list(triggers) or 'none'}"
    level = heard["frustration"]["level"]
    if expected.frustration is not None and level < expected.frustration:
        yield f"expected frustration of at least {expected.frustration}; it was {level}"


def database_misses(expected: DatabaseExpected, record: ConversationRecord) -> Iterator[str]:
    """What should be stored at the end, and what must always be true of it."""
    conversation = record.transcript.conversation
    yield from _same("the owner", expected.owner, conversation.owner)
    yield from _same("the outcome", expected.outcome, conversation.outcome)
    who = "verified" if conversation.customer_id else "unknown"
    yield from _same("the customer", expected.customer, who)
    if expected.cases is not None:
        yield from _cases(() if expected.cases == "none" else expected.cases, record)
    if expected.handoff is not None:
        yield from _handoff(expected.handoff, record)
    if expected.survey is not None:
        yield from _survey(expected.survey, record)
    if expected.alerts is not None:
        kinds = sorted(alert.kind for alert in record.alerts)
        if kinds != sorted(expected.alerts):
            yield f"expected the alerts {_list(expected.alerts) or 'none'}; there are {_list(kinds) or 'none'}"
    yield from broken_promises(record)


def broken_promises(record: ConversationRecord) -> Iterator[str]:
    """What must be true of every conversation, whatever its script says."""
    for where, sentences in _reasoned(record):
        for sentence in sentences:
            if not sentence.get("evidence"):
                yield f"{where} has a sentence without evidence: “{sentence.get('text')}”"
            for cited in sentence.get("evidence") or ():
                if Evidence(EvidenceKind(cited["kind"]), str(cited["id"])) not in record.citable:
                    yield f"{where} cites {cited['kind']} {cited['id']}, which is not stored"
    for case in record.cases:
        given = Counter((each.order_id, each.remedy) for each in case.compensations)
        for (_, remedy), times in given.items():
            if times > 1:
                yield f"case {case.case.id} was given a {remedy} {times} times"
    seqs = [message.seq for message in record.transcript.messages]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"the messages are numbered {seqs}"


def _reasoned(record: ConversationRecord) -> Iterator[tuple[str, Sequence[Any]]]:
    for decision in record.transcript.decisions:
        yield f"decision {decision.id}", decision.reasons
    for handoff in record.transcript.handoffs:
        yield f"handoff {handoff.id}", handoff.rationale


def _cases(expected: Sequence[CaseExpected], record: ConversationRecord) -> Iterator[str]:
    found = record.cases
    if len(expected) != len(found):
        challenges = _list([each.case.challenge for each in found]) or "none"
        yield f"expected {len(expected)} cases; there are {len(found)}: {challenges}"
    for wanted, case in _paired(expected, record):
        if case is None:
            yield f"expected a case of {wanted.challenge}; there is none"
            continue
        about = [d for d in record.transcript.decisions if d.case_id == case.case.id]
        misses = (
            _case(wanted, case),
            _follow_up(wanted.follow_up, case, _to_come(case, record)),
            _steps(wanted, case, record),
            _ruled(wanted.rules, {rule for d in about for rule in d.rules}),
            _used(wanted.facts, [d.inputs for d in about]),
        )
        yield from (f"case {case.case.id} ({wanted.challenge}): {miss}" for miss in chain.from_iterable(misses))


def _paired(
    expected: Sequence[CaseExpected], record: ConversationRecord
) -> Iterator[tuple[CaseExpected, CaseRecord | None]]:
    """Each expected case with the first of its challenge type that is no other's, in the order they were opened."""
    left = sorted(record.cases, key=lambda each: each.case.opened_at)
    for wanted in expected:
        case = next((each for each in left if each.case.challenge == wanted.challenge), None)
        if case is not None:
            left.remove(case)
        yield wanted, case


def _steps(expected: CaseExpected, case: CaseRecord, record: ConversationRecord) -> Iterator[str]:
    """The recovery steps that this conversation took: at least those expected, or none."""
    taken = {step.step for step in record.transcript.steps if step.case_id == case.case.id}
    came = _list(sorted(taken)) or "none"
    if expected.steps == "none" and taken:
        yield f"expected no steps; taken were {came}"
    wanted = () if expected.steps in (None, "none") else expected.steps
    if missing := [step for step in wanted if step not in taken]:
        yield f"expected the steps {_list(missing)} too; taken were {came}"


def _ruled(expected: Sequence[str], found: Collection[str]) -> Iterator[str]:
    if missing := [rule for rule in expected if rule not in found]:
        yield f"expected it to be decided by {_list(missing)} too; it was by {_list(sorted(found)) or 'none'}"


def _used(expected: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for name, value in expected.items():
        used = list(dict.fromkeys(facts[name] for facts in inputs if name in facts))
        if value not in used:
            yield f"expected it to be decided with {name} being {value}; it was {_list(used) or 'not used'}"


def _case(expected: CaseExpected, found: CaseRecord) -> Iterator[str]:
    yield from _same("the order", expected.order, found.case.order_id)
    yield from _same("the status", expected.status, found.case.status)
    yield from _same("being marked as failed", expected.failed, found.case.failed)
    if expected.severity is not None and expected.severity != found.case.severity:
        yield f"expected the severity to be {expected.severity.word}; it is {found.case.severity.word}"
    if expected.compensation is not None:
        yield from _given(expected.compensation, found)


def _to_come(case: CaseRecord, record: ConversationRecord) -> tuple[FollowUp, ...]:
    """What this conversation will ask about a case: no survey twice, and none of a recovery that failed."""
    surveyed = case.case.failed or any(each.case_id == case.case.id for each in record.transcript.surveys)
    own = (each for each in case.follow_ups if each.conversation_id == record.transcript.conversation.id)
    return tuple(each for each in own if not (surveyed and each.kind is FollowUpKind.SURVEY))


def _follow_up(
    expected: FollowUpExpected | str | None, case: CaseRecord, to_come: Sequence[FollowUp]
) -> Iterator[str]:
    if expected is None:
        return
    wanted = expected.kind if isinstance(expected, FollowUpExpected) else expected
    kinds = [str(each.kind) for each in to_come]
    if (wanted == "none" and kinds) or (wanted != "none" and kinds.count(wanted) != 1):
        yield f"expected the follow-up {wanted}; scheduled are {_list(kinds) or 'none'}"
    elif isinstance(expected, FollowUpExpected):
        given = max((g.granted_at for g in case.compensations if g.remedy is not Remedy.LOYALTY_REWARD), default=None)
        due = next(each.due_at for each in to_come if each.kind == expected.kind)
        minutes = round((due - given).total_seconds() / 60) if given else None
        if minutes != expected.after_minutes:
            yield f"expected the {wanted} {expected.after_minutes} minutes after the booking; it is {minutes}"


def _survey(expected: SurveyExpected | str, record: ConversationRecord) -> Iterator[str]:
    found = [(each.kind, each.rating, each.comment) for each in record.transcript.surveys]
    wanted = []
    if isinstance(expected, SurveyExpected):
        kind = expected.kind or next((each.kind for each in record.transcript.surveys), "")
        wanted = [(str(kind), expected.rating, expected.comment)]
    if wanted != found:
        yield f"expected the surveys {wanted or 'none'}; there are {found or 'none'}"
    if isinstance(expected, SurveyExpected) and expected.alerted_within_s is not None:
        yield from _alerted(expected.alerted_within_s, record)


def _alerted(within_s: float, record: ConversationRecord) -> Iterator[str]:
    """How long a supervisor heard nothing of a rating that the customer had sent."""
    transcript = record.transcript
    rating = {d.message_id for d in transcript.decisions if d.step == "survey_rated"}
    sent = max((m.at for m in transcript.messages if m.id in rating), default=None)
    raised = min((a.at for a in record.alerts if a.kind == LOW_RATING), default=None)
    if sent is None or raised is None:
        yield "expected an alert of a low rating; there is none"
    elif not 0 <= (took := (raised - sent).total_seconds()) <= within_s:
        yield f"expected the alert within {within_s:g} s of the rating; it took {took:.1f} s"


def _given(expected: Any, found: CaseRecord) -> Iterator[str]:
    wanted: tuple[CompensationExpected, ...]
    match expected:
        case "none":
            wanted = ()
        case CompensationExpected():
            wanted = (expected,)
        case _:
            wanted = tuple(expected)
    given = [f"{each.remedy} of {each.pence} pence by {each.rule}" for each in found.compensations]
    if len(wanted) != len(given):
        yield f"expected {len(wanted)} compensations; there are {len(given)}: {_list(given) or 'none'}"
    for one in wanted:
        fits = any(
            one.remedy in (None, each.remedy) and one.pence in (None, each.pence) and one.rule in (None, each.rule)
            for each in found.compensations
        )
        if not fits:
            amount = "" if one.pence is None else f" of {one.pence} pence"
            rule = "" if one.rule is None else f" by {one.rule}"
            yield f"expected {one.remedy or 'compensation'}{amount}{rule}; given was {_list(given) or 'nothing'}"


def _handoff(expected: Any, record: ConversationRecord) -> Iterator[str]:
    found = record.transcript.handoff
    if not isinstance(expected, HandoffExpected):
        if found:
            yield f"expected no handoff; there is one by {_list(found.rules)}"
        return
    if found is None:
        yield "expected a handoff; there is none"
        return
    missing = [rule for rule in expected.rules if rule not in found.rules]
    if missing:
        yield f"expected a handoff by {_list(missing)}; it was by {_list(found.rules)}"
    yield from _same("the rule that leads", expected.leads, found.rules[0])
    yield from _same("the handoff's team", expected.team, found.team)
    yield from _same("the handoff's priority", expected.priority, found.priority)
    if not found.rationale:
        yield "expected a rationale; the handoff has none"
    for reason in expected.rationale:
        yield from _reason(reason, found.rationale)


def _reason(expected: ReasonExpected, rationale: Sequence[Any]) -> Iterator[str]:
    fitting = [s for s in rationale if _plain(expected.says) in _plain(s["text"])]
    if not fitting:
        yield f"expected a reason that says “{expected.says}”; they are {_list([s['text'] for s in rationale])}"
        return
    cited = {evidence["kind"] for sentence in fitting for evidence in sentence["evidence"]}
    if missing := [str(kind) for kind in expected.cites if kind not in cited]:
        yield f"expected “{expected.says}” to cite a {_list(missing)}; it cites {_list(sorted(cited))}"


def _same(what: str, expected: Any, came: Any) -> Iterator[str]:
    if expected is not None and expected != came:
        yield f"expected {what} to be {expected}; it is {came}"


def _plain(text: str) -> str:
    """What a comparison sees: no case, no typographic quotes, single spaces."""
    straight = text.translate(str.maketrans("‘’“”\u00a0", "''\"\" "))
    return " ".join(straight.casefold().split())


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


def _list(words: Sequence[Any]) -> str:
    return ", ".join(f"“{word}”" for word in words)
