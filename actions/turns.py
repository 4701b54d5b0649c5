"""The custom actions: one for each topic of a turn. Rasa's rules pick the topic, casework does the rest."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions import parts
from actions.hearing import heard_in
from casework.turn import Turn
from recovery.situation import Topic

LISTEN = "action_listen"


class TurnAction(Action):
    """Reads the tracker, takes one turn, dispatches its replies and sets the stage."""

    topic: Topic

    def name(self) -> str:
        return f"action_{self.topic}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        bot = parts.bot()
        outcome = await bot.take(self._turn(tracker))
        for reply in outcome["replies"]:
            metadata = {"id": reply["id"], **reply["meta"]}
            dispatcher.utter_message(text=reply["text"], buttons=reply["buttons"], metadata=metadata)
        # One action answers a message. To the rules, a stage that changed would look like a turn not yet answered.
        return [SlotSet("stage", outcome["stage"]), FollowupAction(LISTEN)]

    def _turn(self, tracker: Tracker) -> Turn:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        bot = parts.bot()
        return Turn(
            conversation_id=tracker.sender_id,
            topic=self.topic,
            heard=heard_in(message, bot.playbook().currency, bot.clock()),
            customer_id=metadata.get("customer_id") or None,
            channel=str(metadata.get("channel") or "web"),
        )


class ActionRecover(TurnAction):
    """A problem is told, or a detail of one."""

    topic = Topic.RECOVER


class ActionAnswerOffer(TurnAction):
    """The customer takes, refuses or confirms what is offered."""

    topic = Topic.ANSWER_OFFER


class ActionAnswerSurvey(TurnAction):
    """The customer answers a check-back or a survey."""

    topic = Topic.ANSWER_SURVEY


class ActionStatus(TurnAction):
    """The customer asks where something stands."""

    topic = Topic.STATUS


class ActionQuestion(TurnAction):
    """The customer asks how something works."""

    topic = Topic.QUESTION


class ActionPerson(TurnAction):
    """The customer asks for a person."""

    topic = Topic.PERSON


class ActionBotComplaint(TurnAction):
    """The customer says that the bot fails them."""

    topic = Topic.BOT_COMPLAINT


class ActionSmallTalk(TurnAction):
    """Greeting, thanks, goodbye, chat."""

    topic = Topic.SMALL_TALK


class ActionOutside(TurnAction):
    """Something a service desk cannot help with."""

    topic = Topic.OUTSIDE


class ActionUnclear(TurnAction):
    """The message was not understood."""

    topic = Topic.UNCLEAR

    def name(self) -> str:
        return "action_default_fallback"
