"""One conversation made ready for its page: what its reader may see, and each reason tied to the record it cites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework.errors import NotFound, PortError, Unavailable
from casework.grant_choices import Choices
from casework.ports import Arrival, Attachment, Author, Owner, Staff
from casework.read_records import ConversationRead, DecisionRead, HandoffRead, Json, MessageRead, NoteRead
from casework.reading import Transcript, is_supervisor, owns
from casework.saved_replies import filled
from desk.masking import DOT, Eyes
from desk.pages.charting import Chart, chart_of
from desk.pages.extras import Extras, extras_of
from desk.pages.parts import StaffParts
from desk.pages.procedures import ProcedureView, may_tick, procedures_of
from desk.pages.verifying import Verified, verified_by
from recovery.evidence import Evidence
from recovery.records import Customer, History, Incident, Interaction
from recovery.words import EvidenceKind

NO_CRM = "The customer's records cannot be read just now. The conversation goes on; reload in a moment."


@dataclass(frozen=True, slots=True)
class Cite:
    """One piece of evidence: its name, and where it is on this page (empty when it is not)."""

    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence and what it cites."""

    text: str
    cites: tuple[Cite, ...]


NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the chat: a message, or an internal note."""

    at: datetime
    text: str
    message: MessageRead | None = None
    note: NoteRead | None = None
    nlu: Json = field(default_factory=dict)
    decisions: tuple[DecisionRead, ...] = ()
    steps: tuple[str, ...] = ()
    files: Sequence[Attachment] = ()
    before: tuple[str, ...] = ()  # what it said before the customer changed it
    arrival: Arrival | None = None
    quotes: str = ""  # the words that it replies to
    files_seen: bool = True

    @property
    def place(self) -> str:
        """Where a shared location is, for a map."""
        found = self.message.meta.get("location") if self.message and self.files_seen else None
        return ",".join(f"{float(c):.5f}" for c in found) if isinstance(found, list) and len(found) == 2 else ""

    @property
    def who(self) -> str:
        return "note" if self.message is None else self.message.author

    @property
    def pressed(self) -> bool:
        """The customer pressed a button."""
        return bool(self.message and self.message.author == Author.CUSTOMER and self.message.payload)


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Everything that the page of one conversation shows."""

    transcript: Transcript
    conversation: ConversationRead
    mine: bool
    eyes: Eyes
    lines: Sequence[Line]
    handoff: HandoffRead | None
    rationale: Sequence[Said]
    problems: Sequence[Json]
    chart: Chart | None
    history: History | None
    verified: Verified
    crm_note: str
    citable: frozenset[str]  # the records that are on this page
    cited: frozenset[str]
    choices: Choices | None
    procedures: Sequence[ProcedureView]
    may_tick: bool
    causes: Sequence[str]
    saved: Sequence[tuple[str, str]] = ()  # titles and texts of saved replies, filled in for this customer

    @property
    def asked(self) -> str:
        """What the customer said last before the handoff, unless a reason quotes it already."""
        told = str(self.handoff.packet.get("asked") or "") if self.handoff else ""
        told = self.eyes.text(told)
        return "" if any(told in s.text for s in self.rationale) else told

    @property
    def offered(self) -> frozenset[str]:
        """What the bot put to the customer: the titles of its buttons."""
        bots = (m for m in self.transcript.messages if m.author == Author.BOT)
        return frozenset(str(b["title"]) for m in bots for b in m.buttons)

    @property
    def incidents(self) -> Sequence[Incident]:
        """What is running now and touches an order of this customer."""
        if self.history is None:
            return ()
        return [i for i in self.history.incidents if any(i.touches(o) for o in self.history.orders)]

    @property
    def last_seq(self) -> int:
        messages = self.transcript.messages
        return messages[-1].seq if messages else 0

    @property
    def last_note(self) -> int:
        return self.transcript.notes[-1].id if self.transcript.notes else 0

    @property
    def earlier(self) -> int | None:
        """Where the page before this one ends, if there is one."""
        messages = self.transcript.messages
        return messages[0].seq if messages and messages[0].seq > 1 else None

    @property
    def waits(self) -> bool:
        return self.conversation.owner == Owner.QUEUE


def anchor_of(kind: str, record_id: str) -> str:
    """`order event 5512` as `order-event-5512`: the id that a record has on a page."""
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in record_id)
    return f"{kind.replace(' ', '-')}-{safe}"


def _citable(transcript: Transcript, history: History | None) -> frozenset[str]:
    """The anchors that this page has."""
    messages = {anchor_of(EvidenceKind.MESSAGE, m.id) for m in transcript.messages}
    records = {anchor_of(e.kind, e.id) for e in history.evidence} if history else set()
    return frozenset(messages | records)


def said(reasons: Sequence[Json], eyes: Eyes, citable: frozenset[str]) -> list[Said]:
    """Stored sentences with links to what they cite."""
    return [Said(eyes.text(str(r["text"])), tuple(_cite(e, citable) for e in r["evidence"])) for r in reasons]


def _cite(evidence: Mapping[str, Any], citable: frozenset[str]) -> Cite:
    kind, record_id = str(evidence["kind"]), str(evidence["id"])
    anchor = anchor_of(kind, record_id)
    name = "message" if kind == EvidenceKind.MESSAGE else f"{kind} {record_id}"
    return Cite(name, anchor if anchor in citable else "")


def lines_of(
    messages: Sequence[MessageRead],
    notes: Sequence[NoteRead],
    eyes: Eyes,
    decisions: Sequence[DecisionRead] = (),
    steps: Mapping[str, Sequence[str]] | None = None,
    extras: Mapping[str, Extras] | None = None,
    files_seen: bool = True,
) -> list[Line]:
    """Messages and notes in the order in which they were written."""
    spoken = [
        Line(
            m.at,
            eyes.text(m.text),
            m,
            nlu=_masked(m.nlu or {}, eyes),
            decisions=tuple(d for d in decisions if d.message_id == m.id),
            steps=tuple((steps or {}).get(m.id, ())),
            files=(extras or {}).get(m.id, NO_EXTRAS).files,
            before=tuple(eyes.text(t) for t in (extras or {}).get(m.id, NO_EXTRAS).before),
            arrival=(extras or {}).get(m.id, NO_EXTRAS).arrival,
            quotes=eyes.text(str(m.meta.get("quotes") or "")),
            files_seen=files_seen,
        )
        for m in messages
    ]
    since = messages[0].at if messages else None
    written = [Line(n.at, eyes.text(n.text), note=n) for n in notes if since is None or n.at >= since]
    return sorted([*spoken, *written], key=lambda line: line.at) if written else spoken


def _lines(transcript: Transcript, eyes: Eyes, extras: Mapping[str, Extras], files_seen: bool) -> list[Line]:
    """The whole conversation, each message with what was decided at it."""
    steps = _steps_by_message(transcript)
    said_and_noted = transcript.messages, transcript.notes
    return lines_of(*said_and_noted, eyes, transcript.decisions, steps, extras, files_seen)


def _masked(value: Json, eyes: Eyes) -> Json:
    masked = eyes.value(value)
    assert isinstance(masked, Mapping)  # noqa: S101 - masking keeps the shape
    return masked


def _steps_by_message(transcript: Transcript) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in transcript.steps:
        names = found.setdefault(step.message_id, [])
        if step.step not in names:
            names.append(step.step)
    return found


def cited_in(transcript: Transcript) -> frozenset[Evidence]:
    """Everything that the handoffs and decisions shown here rest on."""
    reasons = [r for h in transcript.handoffs for r in h.rationale]
    reasons += [r for d in transcript.decisions for r in d.reasons]
    return frozenset(Evidence(EvidenceKind(e["kind"]), str(e["id"])) for r in reasons for e in r["evidence"])


def only(history: History, cited: frozenset[Evidence]) -> History:
    """What is cited, and no more: who does not have the conversation reads the reasons, not the customer's life."""
    orders = (replace(o, events=tuple(e for e in o.events if e.evidence in cited)) for o in history.orders)
    return replace(
        history,
        orders=tuple(o for o in orders if o.events),
        interactions=tuple(_discreet(i, history.customer) for i in history.interactions if i.evidence in cited),
        cases=tuple(c for c in history.cases if c.evidence in cited),
        compensations=tuple(c for c in history.compensations if c.evidence in cited),
    )


def _discreet(interaction: Interaction, customer: Customer) -> Interaction:
    """That somebody has a support need may be a reason; what it is, is for who looks after them."""
    if not customer.vulnerability_note:
        return interaction
    return replace(interaction, summary=interaction.summary.replace(customer.vulnerability_note, DOT * 3))


async def history_of(parts: StaffParts, conversation: ConversationRead) -> tuple[History | None, str]:
    """The customer's history, or why there is none to show."""
    if conversation.customer_id is None:
        return None, "This customer is not verified, so no history is shown."
    try:
        return await parts.crm.history(conversation.customer_id), ""
    except NotFound:
        return None, "The CRM does not know this customer any more."
    except PortError:
        return None, NO_CRM


async def _choices(
    parts: StaffParts, me: Staff, conversation: ConversationRead, history: History | None
) -> Choices | None:
    """What this reader could book; None where it is not theirs to book."""
    if not owns(me, conversation):
        return None
    try:
        return await parts.granting.choices(me, conversation, history)
    except Unavailable:
        return Choices(note=NO_CRM)


def sees_files(me: Staff, conversation: ConversationRead) -> bool:
    """A file cannot be masked, so it is not for everybody who may read the conversation."""
    return owns(me, conversation) or is_supervisor(me)


async def _saved(
    parts: StaffParts, conversation: ConversationRead, history: History | None
) -> Sequence[tuple[str, str]]:
    first_name = next(iter(conversation.customer_name.split()), "")
    problem = next((o.id for o in history.orders), "") if history else ""
    return [(r.title, filled(r.text, first_name, problem)) for r in await parts.saved_replies.book.all()]


async def view_of(parts: StaffParts, me: Staff, transcript: Transcript) -> ConversationView:
    """One conversation for one reader."""
    conversation = transcript.conversation
    mine = owns(me, conversation)
    eyes = Eyes(full=mine)
    history, crm_note = await history_of(parts, conversation)
    choices = await _choices(parts, me, conversation, history)
    cited = cited_in(transcript)
    if history is not None and not mine:
        history = only(history, cited)
    citable = _citable(transcript, history)
    handoff = transcript.handoff
    extras = await extras_of(parts.records, conversation.channel, transcript.messages)
    return ConversationView(
        transcript=transcript,
        conversation=conversation,
        mine=mine,
        eyes=eyes,
        lines=_lines(transcript, eyes, extras, sees_files(me, conversation)),
        handoff=handoff,
        rationale=said(handoff.rationale, eyes, citable) if handoff else [],
        problems=tuple(handoff.packet.get("problems") or ()) if handoff else (),
        chart=chart_of(transcript.messages),
        history=history,
        verified=await verified_by(parts.records, conversation),
        crm_note=crm_note,
        citable=citable,
        cited=frozenset(anchor_of(e.kind, e.id) for e in cited),
        choices=choices,
        procedures=procedures_of(handoff, transcript.duties, parts.clock()),
        may_tick=handoff is not None and handoff.ended_at is None and may_tick(me, conversation.agent_id),
        causes=tuple(parts.playbook().causes),
        saved=await _saved(parts, conversation, history) if mine else (),
    )
