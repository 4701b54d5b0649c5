"""Follow-ups that fall due: each is said in its conversation once, and never in the middle of a recovery."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.crm import Crm
from casework.errors import NotFound
from casework.follow_up import FOLLOW_UPS, Composed, FollowUps, may_interrupt
from casework.one_by_one import one_by_one
from casework.ports import (
    Author,
    Button,
    Clock,
    Conversation,
    Conversations,
    FollowUpMessage,
    FollowUpStore,
    Outbound,
    Owner,
    Recoveries,
    Surroundings,
    SurveyNews,
)
from casework.turn_state import dumped, loaded
from recovery.records import FollowUp
from recovery.state import Recovery

LATER = timedelta(minutes=1)
BROKEN = timedelta(minutes=15)  # until one that cannot be said is tried again: somebody may have mended it
AT_ONCE = 50


@dataclass(slots=True)
class Timers:
    """Due times live in the CRM, so that they survive a restart. Several processes may look at once."""

    crm: Crm
    conversations: Conversations
    recoveries: Recoveries
    store: FollowUpStore
    follow_ups: FollowUps
    clock: Clock
    surroundings: Surroundings
    _not_before: dict[str, datetime] = field(default_factory=dict)

    async def say_due(self, ahead: timedelta) -> datetime | None:
        """Say what is due, and return when the next one is, if that is within `ahead`."""
        now = self.clock()
        self._not_before = {key: until for key, until in self._not_before.items() if until > now}
        found = await self.crm.due_follow_ups(now + ahead, AT_ONCE + len(self._not_before))
        due = [f for f in found if f.due_at <= now and f.id not in self._not_before]
        for broken in await one_by_one(due, self._say, lambda follow_up: follow_up.id):
            self._not_before[broken.id] = now + BROKEN
        return min((f.due_at for f in found if f.due_at > now), default=None)

    async def _say(self, follow_up: FollowUp) -> None:
        if await self._said_or_pointless(follow_up):
            await self.crm.complete_follow_up(follow_up.id, self.clock())
        else:
            self._not_before[follow_up.id] = self.clock() + LATER

    async def _said_or_pointless(self, follow_up: FollowUp) -> bool:
        """Say it, unless it was said before a crash. False when it must wait."""
        if await self.store.said(uuid.uuid5(FOLLOW_UPS, follow_up.id).hex):
            return True
        try:
            conversation = await self.conversations.latest_like(follow_up.conversation_id)
        except NotFound:
            return True
        return await self._say_in(conversation, follow_up)

    async def _say_in(self, conversation: Conversation, follow_up: FollowUp) -> bool:
        kept = await self.recoveries.load(conversation.id)
        state = loaded(kept.state)
        if conversation.owner is not Owner.BOT or not self._may_interrupt(conversation, state):
            return False
        now = self.clock()
        around = await self.surroundings.around(conversation.customer_id, (), "", now)
        composed = self.follow_ups.compose(follow_up, state, around.surveyed_at, now)
        if composed is None:
            return True
        return await self.store.say(_message(conversation, composed, kept.version), self.clock())

    def _may_interrupt(self, conversation: Conversation, state: Recovery) -> bool:
        silent = self.clock() - conversation.last_message_at
        return may_interrupt(state, silent, self.follow_ups.playbook())


def _message(conversation: Conversation, composed: Composed, version: int) -> FollowUpMessage:
    buttons = tuple(Button(b["title"], b["payload"]) for b in composed.buttons)
    message = Outbound(composed.message_id, Author.BOT, composed.text, buttons=buttons, meta=composed.meta)
    survey = SurveyNews(composed.survey.case_id, kind=composed.survey.kind) if composed.survey else None
    state = dumped(composed.state)
    return FollowUpMessage(conversation.id, message, version, state, survey, composed.decision)
