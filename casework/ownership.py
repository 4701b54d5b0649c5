"""Who answers a conversation. Every move goes through here, by the state machine of recovery/owners.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.errors import Conflict, Refused
from casework.intake import Watching, clean, files_told, new_message_id
from casework.ports import (
    UNREAD,
    Author,
    Clock,
    Conversation,
    Conversations,
    EndedHow,
    Handoffs,
    Message,
    Messages,
    NewAttachment,
    NewHandoff,
    Note,
    Notes,
    Outbound,
    Owner,
    OwnerChange,
    OwnershipStore,
    PassedOn,
    Phrases,
    Staff,
)
from recovery.owners import Move, leads, may
from recovery.staffing import PLAIN, Staffing

TAKE_OVER = "taken-over"
MAY_TAKE_OVER = ("senior", "supervisor")
_TRIES = 3  # each lost race means that somebody else succeeded
Decide = Callable[[Conversation], OwnerChange | None]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Each move is a compare-and-set with its handoff, its log, and what the customer is told, in one transaction."""

    conversations: Conversations
    handoffs: Handoffs
    messages: Messages
    notes: Notes
    store: OwnershipStore
    phrases: Phrases
    clock: Clock
    staffing: Callable[[], Staffing] = lambda: PLAIN
    watch: Watching | None = None  # reads for danger to life what waited for the bot

    async def claim(self, conversation_id: str, staff: Staff, move: Move = Move.CLAIMED) -> Conversation:
        """Take a conversation from the queue. Raises Conflict naming who was first."""

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id == staff.id:
                return None
            _must_wait(now)
            return _to(staff, now, move, say=self._joined(staff))

        return await self._change(conversation_id, decide)

    async def take_over(self, conversation_id: str, staff: Staff) -> Conversation:
        """Take a conversation from the queue, the bot or another agent. Raises Refused, Conflict."""
        if staff.role not in MAY_TAKE_OVER:
            raise Refused("Only a senior agent or a supervisor may take over a conversation.")
        start = await self._handoff(conversation_id, staff)

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id == staff.id:
                return None
            if now.closed_at is not None:
                raise Conflict("This conversation is closed.")
            new = start if now.owner is Owner.BOT else None  # else the open handoff goes on, and its clocks with it
            return _to(staff, now, Move.TAKEN_OVER, say=self._joined(staff), start=new)

        return await self._change(conversation_id, decide)

    async def transfer_to_team(self, conversation_id: str, staff: Staff, team: str, note: str) -> Conversation:
        """Put it into a team's queue, with a note for whoever takes it. Raises Conflict, Refused."""
        if team not in self.staffing().teams:
            raise Refused("There is no such team.")
        about, to = clean(note), self.staffing().team(team)
        open_one = await self.handoffs.open_one(conversation_id)

        def decide(now: Conversation) -> OwnerChange | None:
            _may_pass_on(now, staff)
            if now.owner is Owner.QUEUE and open_one is not None and open_one.team == team:
                return None  # it waits for this very team
            told = self._system("utter_passed_to_team", team=to.name)
            return OwnerChange(
                now.id,
                now.owner_version,
                Move.TRANSFERRED,
                now.state,
                Owner.QUEUE,
                by=staff.id,
                note=about,
                team=team,
                tier=to.tier,
                say=told,
            )

        return await self._change(conversation_id, decide)

    async def transfer_to_person(
        self, conversation_id: str, staff: Staff, colleague: Staff, note: str
    ) -> Conversation:
        """Put it into a colleague's hands, with a note. Raises Conflict, Refused."""
        if colleague.disabled:
            raise Refused(f"{colleague.name} does not work here any more.")
        about = clean(note)

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id == colleague.id:
                return None
            _may_pass_on(now, staff)
            told = self._system("utter_passed_to_agent", agent=colleague.first_name)
            return _to(colleague, now, Move.TRANSFERRED, say=told, by=staff, note=about)

        return await self._change(conversation_id, decide)

    async def release(self, conversation_id: str, agent_id: str, team: str, tier: str) -> Conversation:
        """Its agent is gone: it waits for the team again."""

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id != agent_id:
                return None
            told = self._system("utter_agent_gone", agent=(now.agent_name or "").split(" ")[0])
            return OwnerChange(
                now.id,
                now.owner_version,
                Move.RELEASED,
                now.state,
                Owner.QUEUE,
                team=team,
                tier=tier,
                say=told,
            )

        return await self._change(conversation_id, decide)

    async def return_to_bot(self, conversation_id: str, staff: Staff, seen: int | None = None) -> Conversation:
        """Give it back: what came after our last word is the bot's, what was before is past. Raises Conflict.

        `seen`: the seq up to which they have read; what came later is the bot's in any case.
        """

        def decide(now: Conversation) -> OwnerChange | None:
            _must_own(now, staff)
            return OwnerChange(
                now.id,
                now.owner_version,
                Move.GIVEN_BACK,
                now.state,
                Owner.BOT,
                by=staff.id,
                end=EndedHow.RETURNED,
                seen=seen,
                reset_recovery=True,
                say=self._system("utter_returned_to_bot"),
            )

        return await self._change(conversation_id, decide)

    async def resolve(
        self, conversation_id: str, staff: Staff, root_cause: str, seen: int | None = None
    ) -> Conversation:
        """Close it with a root cause. The customer's next message opens it again, with the bot.

        `seen`: the seq up to which they have read. Raises Conflict, also where the customer has written since.
        """
        cause = clean(root_cause)

        def decide(now: Conversation) -> OwnerChange | None:
            _must_own(now, staff)
            return OwnerChange(
                now.id,
                now.owner_version,
                Move.RESOLVED,
                now.state,
                Owner.BOT,
                by=staff.id,
                end=EndedHow.RESOLVED,
                root_cause=cause,
                outcome="resolved_by_agent",
                close=True,
                seen=seen,
                reset_recovery=True,
                say=self._system("utter_agent_resolved"),
            )

        return await self._change(conversation_id, decide)

    async def must_have_read(self, conversation_id: str, seen: int | None) -> None:
        """Raises Conflict where the customer has written what this person has not read."""
        later = await self.messages.visible(conversation_id, seen) if seen is not None else ()
        if any(message.author is Author.CUSTOMER for message in later):
            raise Conflict(UNREAD)

    async def must_own(self, conversation_id: str, staff: Staff) -> None:
        """Raises Conflict unless this conversation is theirs now."""
        now = await self.conversations.get(conversation_id)
        if now.agent_id != staff.id:
            raise Conflict(f"This conversation is not yours: it belongs to {now.agent_name or 'nobody yet'}.")

    async def send_as_agent(
        self,
        conversation_id: str,
        staff: Staff,
        text: str,
        message_id: str | None = None,
        attachment: NewAttachment | None = None,
    ) -> Message:
        """Say something to the customer. The same message id again says nothing new. Raises Conflict.

        With a file there may be no text.
        """
        files = (attachment,) if attachment else ()
        wordless = attachment is not None and not text.strip()
        words = f"[{attachment.kind}]" if attachment and wordless else clean(text)
        meta = {**files_told(files), **({"wordless": True} if wordless else {})}
        own_id = message_id or new_message_id()
        message = Outbound(own_id, Author.AGENT, words, staff.first_name, meta=meta, attachments=files)
        return await self.store.say_as_agent(conversation_id, staff.id, message, self.clock())

    async def note(self, conversation_id: str, staff: Staff, text: str) -> Note:
        """Write down what the customer does not see."""
        return await self.notes.add(conversation_id, staff.id, clean(text), self.clock())

    async def _change(self, conversation_id: str, decide: Decide) -> Conversation:
        for _ in range(_TRIES):
            now = await self.conversations.get(conversation_id)
            change = decide(now)
            if change is None:
                return now
            if not (may(change.move, now.state) and leads(change.move, now.state, change.became)):
                raise Conflict(f"A conversation that is {now.state} cannot be {change.move.replace('_', ' ')}.")
            passed_on = await self.store.apply(change, self.clock())
            if passed_on is not None:
                await self._read(conversation_id, passed_on)
                return await self.conversations.get(conversation_id)
        raise Conflict("Others are changing this conversation at this moment. Look again.")

    async def _read(self, conversation_id: str, passed_on: Sequence[PassedOn]) -> None:
        """The engine will never see these: danger in them is heard here."""
        if self.watch is not None:
            for each in passed_on:
                await self.watch(conversation_id, each.message_id, each.text)

    async def _handoff(self, conversation_id: str, staff: Staff) -> NewHandoff:
        """A handoff that a person made, resting on the latest message."""
        last = (await self.messages.all(conversation_id))[-1:]
        evidence = [{"kind": "message", "id": m.id} for m in last]
        about = f" after message {last[0].id}" if last else ""
        return NewHandoff(
            message_id=last[0].id if last else "",
            rules=(TAKE_OVER,),
            playbook_version="none",
            team="care",
            priority=1,
            priority_reasons=[f"taken over by a {staff.role}"],
            inputs={"role": staff.role},
            rationale=[{"text": f"{staff.name} took over{about}.", "evidence": evidence}] if last else [],
            packet={},
        )

    def _joined(self, staff: Staff) -> tuple[Outbound, ...]:
        return self._system("utter_agent_joined", agent=staff.first_name)

    def _system(self, response: str, **facts: str) -> tuple[Outbound, ...]:
        return (Outbound(new_message_id(), Author.SYSTEM, self.phrases.plain(response, **facts)),)


def _to(
    staff: Staff,
    now: Conversation,
    move: Move,
    *,
    say: tuple[Outbound, ...],
    start: NewHandoff | None = None,
    by: Staff | None = None,
    note: str = "",
) -> OwnerChange:
    """Into one person's hands."""
    return OwnerChange(
        now.id,
        now.owner_version,
        move,
        now.state,
        Owner.AGENT,
        staff.id,
        by=(by or staff).id,
        note=note,
        claim=True,
        start=start,
        say=say,
    )


def _must_wait(now: Conversation) -> None:
    if now.owner is Owner.AGENT:
        raise Conflict(f"{now.agent_name} has already taken this conversation.")
    if now.owner is Owner.BOT:
        raise Conflict("This conversation does not wait for a person any more.")


def _must_own(now: Conversation, staff: Staff) -> None:
    """Its agent may end it, and a supervisor for them."""
    if now.owner is not Owner.AGENT:
        raise Conflict("Nobody has this conversation in hand: claim it first.")
    if now.agent_id != staff.id and staff.role != "supervisor":
        raise Conflict(f"This conversation belongs to {now.agent_name}.")


def _may_pass_on(now: Conversation, staff: Staff) -> None:
    """Its agent may, and a supervisor; what waits for the wrong team may be put right by anybody."""
    if now.owner is Owner.BOT:
        raise Conflict("This conversation is not with a person, so there is nothing to transfer.")
    if now.owner is Owner.AGENT:
        _must_own(now, staff)
