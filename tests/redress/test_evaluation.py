"""Conversations are read for every system by the rules that run live, turn by turn."""

import json
from datetime import UTC, datetime
from typing import Any

from redress.evaluation import CONVERSATIONS, SETS, read_conversations
from redress.playbook import load
from redress.settings import CHECKOUT

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def heard(act: str, level: int) -> dict[str, Any]:
    return {"dialogue_act": {"name": act}, "challenges": [], "frustration": {"level": level}, "triggers": []}


def test_every_customer_turn_gets_a_reading_from_what_its_system_understood() -> None:
    playbook, answers = load(CHECKOUT / "playbook"), {}
    for name, pattern in CONVERSATIONS.items():
        lines = [line for path in sorted(SETS.glob(pattern)) for line in path.read_text("utf-8").splitlines()]
        turns = [turn for line in lines for turn in json.loads(line)["turns"] if turn["who"] == "customer"]
        answers[f"conversations/{name}"] = [turn["text"] for turn in turns]
    calm = {name: [heard("inform", 0) for _ in texts] for name, texts in answers.items()}
    asking = {name: [heard("request_human", 3) for _ in texts] for name, texts in answers.items()}

    read = read_conversations({"calm": {"answers": calm}, "asking": {"answers": asking}}, playbook, NOW)

    assert len(read["test"]["calm"]) == 60
    for name, systems in read.items():
        assert sum(map(len, systems["calm"])) == len(answers[f"conversations/{name}"])
        assert {r["level"] for readings in systems["calm"] for r in readings} == {0}
        assert all(readings[0]["escalate"] for readings in systems["asking"])
