"""The real product, run as people run it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from redress.own_stack import Stack
from redress.ports import free_ports
from redress.settings import CHECKOUT, child_environment

WITHIN_S = 120


def redress(stack: Stack, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own words only
        [sys.executable, "-m", "redress", *arguments],
        cwd=CHECKOUT,
        env=child_environment(stack.settings),
        input=given,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


STORY = """
name: A late parcel is heard, and a person is reached in one message
customer: maya.fletcher1@example.com
turns:
  - say: my parcel was due on monday and still nothing, this is the second time!!
    expect:
      reply: {contains: sorry, not_contains: unfortunately}
      nlu: {act: report_problem, challenges: [late_delivery]}
      owner: bot
  - say: let me talk to a human please
    expect: {owner: queue}
  - say: are you there?
    expect: {reply: none}
database:
  customer: verified
  owner: queue
  cases:
    - {challenge: late_delivery, compensation: none, steps: [listen, apologise, thank, explain]}
  handoff: {}
"""


def test_a_scripted_customer_is_played_and_what_holds_is_told(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(STORY)
    (tmp_path / "wrong.yml").write_text(
        STORY.replace("owner: bot", "owner: agent").replace("contains: sorry", "contains: zebra")
    )
    good = redress(stack, "simulate", str(tmp_path / "good.yml"))
    assert good.returncode == 0, good.stdout + good.stderr
    wrong = redress(
        stack, "simulate", str(tmp_path / "good.yml"), str(tmp_path / "wrong.yml"), "--jobs", "2", "--within", "5"
    )
    assert wrong.returncode == 1
    assert "1 of 2 scripts held." in wrong.stdout
    assert "expected the reply to contain “zebra”; it was “" in wrong.stdout
    assert "expected the owner agent; it is bot" in wrong.stdout


def test_a_whole_conversation_is_exported_with_its_decisions_and_their_evidence(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(STORY)
    conversation = redress(stack, "simulate", str(tmp_path / "good.yml")).stdout.split()[-6]
    exported = redress(stack, "export", "conversation", conversation)
    assert exported.returncode == 0, exported.stderr
    record = json.loads(exported.stdout)
    assert record["transcript"]["messages"][0]["nlu"]["challenges"][0]["type"] == "late_delivery"
    assert all(s["evidence"] for h in record["transcript"]["handoffs"] for s in h["rationale"])
    case = record["cases"][0]["case"]["id"]
    assert json.loads(redress(stack, "export", "case", case).stdout)["case"]["case"]["id"] == case


def test_a_line_that_is_no_message_gets_an_error_and_the_rest_an_answer(stack: Stack) -> None:
    lines = ['{"id": 1, "text": "my parcel is late"}', "nonsense", '{"id": 2}', '{"id": "ü", "text": ""}', "[]"]
    answers = [json.loads(line) for line in redress(stack, "nlu", given="\n".join(lines)).stdout.splitlines()]
    assert [("error" in answer) for answer in answers] == [False, True, True, False, True]
    assert answers[0]["challenges"][0]["type"] == "late_delivery"
    assert answers[3]["id"] == "ü"


def test_talking_in_the_terminal_gets_an_answer(stack: Stack) -> None:
    talk = redress(stack, "chat", given="hello\n")
    assert talk.returncode == 0, talk.stderr
    assert talk.stdout.strip()


def test_a_second_start_in_the_same_home_is_refused(stack: Stack) -> None:
    (port,) = free_ports(1)
    env = {**child_environment(stack.settings), "REDRESS_PORT": str(port)}
    second = subprocess.run(
        [sys.executable, "-m", "redress", "up"], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "already runs" in second.stderr


@pytest.mark.parametrize("name", ["actions", "engine", "desk"])
def test_a_killed_program_comes_back_and_conversations_go_on(stack: Stack, name: str) -> None:
    before = stack.process_of(name)
    os.kill(before, signal.SIGKILL)
    with httpx.Client(trust_env=False) as client:
        for _ in range(WITHIN_S * 10):
            try:
                ready = client.get(f"{stack.settings.desk_url}/readyz", timeout=5).is_success
            except httpx.TransportError:
                ready = False
            if ready and stack.process_of(name) != before and _answers(stack, client):
                return
            signal.sigtimedwait([], 0.1)
    raise AssertionError(f"{name} did not come back")


def _answers(stack: Stack, client: httpx.Client) -> bool:
    """Whether the action server answers; the desk's own readiness tells of the rest."""
    try:
        return client.get(f"http://127.0.0.1:{stack.settings.actions_port}/health").is_success
    except httpx.TransportError:
        return False
