"""Reading training data quickly: what is right passes, and what is wrong is still told with its place."""

import pytest
from rasa.shared.exceptions import YamlException
from rasa.shared.nlu.training_data.formats.rasa_yaml import NLU_SCHEMA_FILE

from bot.quick_reading import validate_yaml_schema

RIGHT = """
version: "3.1"
nlu:
  - intent: thank
    examples:
      - text: "ta very much"
        metadata: {frustration: 0}
"""


def test_a_file_as_rasa_wants_it_passes() -> None:
    validate_yaml_schema(RIGHT, NLU_SCHEMA_FILE)


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
