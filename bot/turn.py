"""One turn of one conversation: a message in, and what Rasa made of it out.

Rasa's own `handle_message` swallows an action's exception and saves the tracker all the same, so a retry would be
answered with emptiness. Here a turn is saved whole or not at all: a failed one leaves no trace and can be tried again.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.processor import ActionLimitReached, MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from bot.before import before
from bot.nlu.person_due import BEFORE
from bot.nlu.result import CALM, payload_entities, result_of
from bot.nlu.text import storable
from bot.one_engine import held

CHANNEL = "desk"
STAGE = "stage"
SILENT_ACTIONS = {ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME}
MESSAGE_PARTS = ("buttons", "custom")


class UnknownPayload(ValueError):
    """A button's payload names no intent of this domain."""


@dataclass(frozen=True)
class Turn:
    """What the desk asks: one customer message, or one pressed button (`payload`)."""

    conversation: str
    message_id: str
    text: str
    stage: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    payload: bool = False


class WatchedAction(Action):
    """Runs another action and remembers the exception that Rasa would only log."""

    def __init__(self, inner: Action) -> None:
        self.inner = inner
        self.failure: str | None = None

    def name(self) -> str:
        return self.inner.name()

    def event_for_successful_execution(self, prediction: Any) -> ActionExecuted:
        return self.inner.event_for_successful_execution(prediction)

    async def run(self, output_channel: OutputChannel, *args: Any) -> list[Event]:
        try:
            return await self.inner.run(output_channel, *args)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.failure = f"{self.name()}: {error or type(error).__name__}"
            raise


def model_name(processor: MessageProcessor) -> str:
    return processor.model_filename.removesuffix(".tar.gz")


def plain(text: str) -> str:
    """A customer's text, made unable to name an intent the way a button's payload does ("/intent")."""
    text = storable(text).strip()
    while text.startswith("/"):
        text = text[1:].strip()
    return text


async def understand(
    processor: MessageProcessor, text: str, metadata: dict[str, Any], before: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Rasa's parse data for what a customer wrote, after the turns `before` it."""
    message = UserMessage(plain(text), input_channel=CHANNEL, metadata={**metadata, BEFORE: list(before)})
    parse_data = await processor.parse_message(message)
    return {**parse_data, "model": model_name(processor)}


def press(processor: MessageProcessor, payload: str) -> dict[str, Any]:
    """Rasa's parse data for a pressed button: its intent and entities, and no feeling."""
    message = Message({"text": payload, "metadata": {}})
    data = YAMLStoryReader.unpack_regex_message(message, processor.domain, "RegexMessageHandler").as_dict()
    intent = data.get("intent")
    if not intent or intent.get("name") not in processor.domain.intents:
        raise UnknownPayload("The payload names no intent of this model.")
    act = {"name": intent["name"], "confidence": 1.0}
    entities = payload_entities(data.get("entities", []))
    extra = {"dialogue_act": act, "frustration": CALM, "redress_entities": entities}
    return {**data, **extra, "model": model_name(processor)}


async def take_turn(agent: Agent, turn: Turn) -> dict[str, Any]:
    """Answer a message once; the same message id again gets the same answer."""
    store = _strict(agent.tracker_store)
    async with agent.lock_store.lock(turn.conversation):
        with held(store, turn.conversation) as ours:
            processor = agent.processor  # the model may change meanwhile
            tracker = await _load(processor, store, turn.conversation)
            if _uttered(tracker, turn.message_id):
                return _answer(tracker, turn.message_id, repeated=True)
            failure = await _process(processor, tracker, turn)
            if failure:
                return _failed(tracker, turn.message_id, failure)
            ours.check()
            await store.save(tracker)
            return _answer(tracker, turn.message_id, repeated=False)


def _strict(store: TrackerStore) -> TrackerStore:
    """Rasa's fail-safe store hides a lost database behind memory, which would forget what was answered."""
    return getattr(store, "_tracker_store", store)


async def _load(processor: MessageProcessor, store: TrackerStore, conversation: str) -> DialogueStateTracker:
    tracker = await store.retrieve(conversation) or store.init_tracker(conversation)
    tracker.model_id = processor.model_metadata.model_id
    tracker.assistant_id = tracker.assistant_id or processor.model_metadata.assistant_id
    return tracker


async def _process(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn) -> str | None:
    """Run the turn on the tracker in memory; returns why it failed, or None."""
    output = CollectingOutputChannel()
    await processor._update_tracker_session(tracker, output)
    if STAGE in tracker.slots and tracker.get_slot(STAGE) != turn.stage:
        tracker.update(SlotSet(STAGE, turn.stage), processor.domain)
    tracker.update(await _user_event(processor, tracker, turn), processor.domain)
    await processor.run_action_extract_slots(output, tracker)
    return await _act(processor, tracker, output)


async def _user_event(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn) -> UserUttered:
    if turn.payload:
        parse_data, text = press(processor, storable(turn.text)), storable(turn.text)
    else:
        parse_data, text = await understand(processor, turn.text, turn.metadata, before(tracker)), plain(turn.text)
    metadata = {**turn.metadata, "message_id": turn.message_id}
    return UserUttered(text, parse_data["intent"], parse_data["entities"], parse_data,
                       input_channel=CHANNEL, message_id=turn.message_id, metadata=metadata)  # fmt: skip


async def _act(processor: MessageProcessor, tracker: DialogueStateTracker, output: OutputChannel) -> str | None:
    """Rasa's prediction loop, ended by the first action that fails."""
    more = processor._should_handle_message(tracker)
    while more:
        try:
            action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        except ActionLimitReached:
            return "The rules and stories go round in a circle."
        watched = WatchedAction(action)
        more = await processor._run_action(watched, tracker, output, processor.nlg, prediction)
        if watched.failure:
            return watched.failure
    return None


def _uttered(tracker: DialogueStateTracker, message_id: str) -> UserUttered | None:
    events = (e for e in tracker.events if isinstance(e, UserUttered) and e.message_id == message_id)
    return next(events, None)


def _after(tracker: DialogueStateTracker, message_id: str) -> list[Event]:
    """The events that answered a message: those after it, up to the customer's next message."""
    events = itertools.dropwhile(lambda e: getattr(e, "message_id", None) != message_id, tracker.events)
    return list(itertools.takewhile(lambda e: not isinstance(e, UserUttered), itertools.islice(events, 1, None)))


def _message(event: BotUttered) -> dict[str, Any]:
    parts = {part: event.data[part] for part in MESSAGE_PARTS if event.data.get(part)}
    return {"text": event.text, "buttons": [], "custom": None, "metadata": _own(event.metadata), **parts}


def _own(metadata: dict[str, Any]) -> dict[str, Any]:
    """What an action or a response wrote about its utterance, and the response's name (`utter_action`)."""
    nested = metadata.get("metadata") or {}
    return {**nested, **{key: metadata[key] for key in ("utter_action",) if key in metadata}}


def _answer(tracker: DialogueStateTracker, message_id: str, repeated: bool) -> dict[str, Any]:
    """Read from the tracker, so that a repeated answer cannot differ from the first."""
    user, events = _uttered(tracker, message_id), _after(tracker, message_id)
    actions = [e.action_name for e in events if isinstance(e, ActionExecuted)]
    return {
        "nlu": result_of(user.parse_data),
        "messages": [_message(e) for e in events if isinstance(e, BotUttered)],
        "actions": [name for name in actions if name and name not in SILENT_ACTIONS],
        "failed": False,
        "repeated": repeated,
    }


def _failed(tracker: DialogueStateTracker, message_id: str, reason: str) -> dict[str, Any]:
    """Nothing of a failed turn is kept, so nothing of it may be said either."""
    return {**_answer(tracker, message_id, repeated=False), "messages": [], "failed": reason}
