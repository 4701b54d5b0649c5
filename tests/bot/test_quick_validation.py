"""The check of an action server's answers."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig

from bot import quick_validation

ACTION = RemoteAction("action_any", EndpointConfig("http://127.0.0.1"))


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "stage", "value": "open"}], "responses": [{"text": "hello"}]},
    ],
)
def test_an_answer_that_rasa_takes_is_taken(answer: dict) -> None:
    assert ACTION._validate_action_result(answer)
    assert quick_validation.is_valid(ACTION, answer)


@pytest.mark.parametrize("answer", [{"events": {}}, {"events": [{"name": "no event"}]}, {"responses": "text"}])
def test_an_answer_that_rasa_refuses_is_refused(answer: dict) -> None:
    with pytest.raises(ValidationError):
        ACTION._validate_action_result(answer)
    with pytest.raises(ValidationError):
        quick_validation.is_valid(ACTION, answer)
