"""One turn of a conversation through Rasa, with an action server that can be told to fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import BotUttered
from rasa.shared.exceptions import RasaException

from bot.turn import Turn, UnknownPayload, plain, take_turn


class Worker:
    """Stands for the action server."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.broken = False

    async def run(self, action: RemoteAction, channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
        self.calls.append(dict(tracker.latest_message.metadata))
        if self.broken:
            raise RasaException("the action server is down")
        return [BotUttered(f"worked {len(self.calls)}", metadata={"metadata": {"kind": "work"}})]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()

    async def run(self: RemoteAction, *args: Any) -> list[Any]:
        return await worker.run(self, *args)

    monkeypatch.setattr(RemoteAction, "run", run)
    return worker


@pytest.fixture
def agent(small_model: Path) -> Agent:
    agent = Agent.load(str(small_model))
    agent.tracker_store = InMemoryTrackerStore(agent.domain)
    return agent


def said(text: str, number: int = 1, **more: Any) -> Turn:
    return Turn("c1", f"m{number}", text, more.pop("stage", "open"), **more)


async def test_a_greeting_is_answered_with_its_buttons_and_metadata(agent: Agent) -> None:
    answer = await take_turn(agent, said("hello"))
    assert answer["messages"] == [
        {
            "text": "Hello.",
            "buttons": [{"title": "Yes", "payload": "/affirm"}],
            "custom": None,
            "metadata": {"mood": "plain", "utter_action": "utter_hello"},
        }
    ]


async def test_the_names_of_executed_actions_are_told(agent: Agent, worker: Worker) -> None:
    answer = await take_turn(agent, said("broken"))
    assert answer["actions"] == ["action_work", "utter_which"]


async def test_rules_see_the_stage_that_the_desk_sent(agent: Agent) -> None:
    answer = await take_turn(agent, said("hello", stage="offering"))
    assert answer["actions"] == ["utter_which"]


async def test_the_stage_changes_from_turn_to_turn(agent: Agent) -> None:
    await take_turn(agent, said("hello", 1, stage="offering"))
    answer = await take_turn(agent, said("hello", 2, stage="open"))
    assert answer["actions"] == ["utter_hello"]


async def test_a_repeated_message_id_gets_the_first_answer(agent: Agent, worker: Worker) -> None:
    first = await take_turn(agent, said("broken", 1))
    await take_turn(agent, said("hello", 2))
    again = await take_turn(agent, said("broken", 1))
    assert again == {**first, "repeated": True}


async def test_a_repeated_message_id_runs_no_action_again(agent: Agent, worker: Worker) -> None:
    await take_turn(agent, said("broken"))
    await take_turn(agent, said("broken"))
    assert len(worker.calls) == 1


async def test_a_failed_action_is_told_and_nothing_is_said(agent: Agent, worker: Worker) -> None:
    worker.broken = True
    answer = await take_turn(agent, said("broken"))
    assert (answer["failed"], answer["messages"]) == ("action_work: the action server is down", [])


async def test_a_failed_turn_is_processed_again_on_retry(agent: Agent, worker: Worker) -> None:
    worker.broken = True
    await take_turn(agent, said("broken"))
    worker.broken = False
    again = await take_turn(agent, said("broken"))
    assert [m["text"] for m in again["messages"]] == ["worked 2", "Which offer?"]


async def test_actions_receive_the_message_id_and_the_metadata(agent: Agent, worker: Worker) -> None:
    await take_turn(agent, said("broken", metadata={"customer": 7}))
    assert worker.calls[0].items() >= {"customer": 7, "message_id": "m1"}.items()


async def test_a_button_carries_its_entities(agent: Agent) -> None:
    answer = await take_turn(agent, said('/affirm{"order_number": "10482"}', payload=True))
    assert answer["nlu"]["entities"] == [{"name": "order_number", "value": "10482", "text": "10482"}]


async def test_a_button_shows_no_feeling(agent: Agent) -> None:
    answer = await take_turn(agent, said("/affirm", payload=True))
    assert answer["nlu"]["frustration"] == {"level": 0, "score": 0.0, "evidence": []}


async def test_a_button_with_an_unknown_intent_is_refused(agent: Agent) -> None:
    with pytest.raises(UnknownPayload):
        await take_turn(agent, said("/give_me_money", payload=True))


async def test_a_customer_cannot_type_an_intent(agent: Agent) -> None:
    answer = await take_turn(agent, said('/greet{"order_number": "10482"}'))
    assert answer["nlu"]["entities"] == []


@pytest.mark.parametrize("text", ["/greet", "  /greet", "//greet", "/ /greet", "/\n/greet"])
def test_no_leading_slash_survives(text: str) -> None:
    assert plain(text) == "greet"


async def test_conversations_do_not_see_each_other(agent: Agent, worker: Worker) -> None:
    await take_turn(agent, Turn("c1", "same-id", "broken", "open"))
    answer = await take_turn(agent, Turn("c2", "same-id", "broken", "open"))
    assert answer["repeated"] is False


async def test_the_answer_names_the_model(agent: Agent) -> None:
    answer = await take_turn(agent, said("hello"))
    assert answer["nlu"]["model"] == "model"
