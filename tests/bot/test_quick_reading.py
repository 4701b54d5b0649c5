"""Reading training data quickly: what is right passes, and what is wrong is still told with its place."""

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.nlu.training_data.formats.rasa_yaml import NLU_SCHEMA_FILE
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from bot import quick_reading
from bot.quick_reading import parse, validate_yaml_schema

RIGHT = """
version: "3.1"
nlu:
  - intent: thank
    examples:
      - text: "ta very much"
        metadata: {frustration: 0}
"""


def test_a_file_as_rasa_wants_it_passes_and_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    monkeypatch.setattr(
        quick_reading, "parse", lambda content, *more: parsed.append(content) or parse(content, *more)
    )
    validate_yaml_schema(RIGHT, NLU_SCHEMA_FILE)
    read = quick_reading.one_pass.read(RIGHT)
    assert read["nlu"][0]["examples"][0]["text"] == "ta very much"
    assert parsed == [RIGHT]


def test_what_was_parsed_to_be_checked_is_handed_on_once_for_its_reader_may_change_it() -> None:
    validate_yaml_schema(RIGHT, NLU_SCHEMA_FILE)
    first, second = quick_reading.one_pass.read(RIGHT), quick_reading.one_pass.read(RIGHT)
    assert first == second
    assert first is not second


def test_patterns_of_scalars_do_not_grow_while_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VersionedResolver, "versioned_resolver", property(quick_reading.steady_resolver))
    resolver = VersionedResolver(version=(1, 2))
    before = len(resolver.versioned_resolver.get("t"))
    for _ in range(50):
        resolver.resolve(ScalarNode, "true", (True, False))
    assert len(resolver.versioned_resolver.get("t")) == before


def test_what_is_merged_with_nothing_is_not_copied() -> None:
    data = TrainingData([Message({"text": "ta"})])
    assert quick_reading.merged(TrainingData(), data) is data
    both = quick_reading.merged(data, TrainingData([Message({"text": "cheers"})]))
    assert [message.get("text") for message in both.training_examples] == ["ta", "cheers"]
    assert both.training_examples[0] is not data.training_examples[0]


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT.replace("intent: thank", "intent: [thank]"),
        RIGHT.replace("    examples:", "    exsamples:"),
        RIGHT.replace('version: "3.1"', 'version: "3.1'),
        RIGHT + "nlu: []\n",
    ],
    ids=["shape", "key", "syntax", "twice"],
)
def test_what_is_wrong_is_told_as_rasa_tells_it(wrong: str) -> None:
    with pytest.raises(YamlException) as told:
        validate_yaml_schema(wrong, NLU_SCHEMA_FILE)
    assert "line" in str(told.value).lower()
