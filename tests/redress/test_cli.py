"""The command ends with a sentence and a non-zero code when it is misused."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from redress.cli import app


@pytest.fixture
def redress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path / "home"))

    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, env=environment)

    return run


def failed(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


def test_help_names_every_command(redress) -> None:  # type: ignore[no-untyped-def]
    output = redress("--help").output
    for command in (
        "up",
        "train",
        "model",
        "chat",
        "scorecard",
        "nlu",
        "simulate",
        "export",
        "playbook",
        "user",
        "db",
        "bench",
        "evaluate",
    ):
        assert f"  {command} " in output


def test_an_unknown_command_is_refused(redress) -> None:  # type: ignore[no-untyped-def]
    assert redress("fly").exit_code == 2


def test_a_taken_port_is_told_with_what_to_do(redress) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed(redress("up", REDRESS_PORT=port), f"Port {port} is taken", "REDRESS_PORT=")


def test_a_broken_playbook_is_told_before_anything_starts(redress, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "playbook").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    failed(
        redress("up", REDRESS_PLAYBOOK=str(tmp_path / "playbook"), REDRESS_PORT=port), "The playbook cannot be used"
    )
    assert not (tmp_path / "home" / "postgres").exists()


def test_a_full_disk_is_told(redress, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("redress.supervise.NEEDED_SPACE", 1 << 60)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    failed(redress("up", REDRESS_PORT=port), "MB free", "Make room")


@pytest.mark.parametrize("command", [("chat",), ("simulate", "x.yml")])
def test_what_needs_the_running_product_says_that_it_does_not_run(redress, command: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    failed(redress(*command), "does not run", "redress up")


def test_a_database_that_does_not_answer_is_told(redress) -> None:  # type: ignore[no-untyped-def]
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    failed(redress("db", "upgrade", REDRESS_DATABASE_URL=url), "REDRESS_DATABASE_URL does not answer")


def test_the_playbook_in_use_is_in_order(redress) -> None:  # type: ignore[no-untyped-def]
    result = redress("playbook", "check")
    assert result.exit_code == 0, result.output
    assert "in order" in result.output


def test_staff_are_taken_on_once(redress, new_database, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    url = new_database()
    taken_on = redress("user", "add", "jo@shop.example", "--name", "Jo Bell", REDRESS_DATABASE_URL=url)
    assert taken_on.exit_code == 0, taken_on.output
    assert "The password is " in taken_on.output
    again = redress("user", "add", "JO@shop.example", "--name", "Jo Bell", REDRESS_DATABASE_URL=url)
    failed(again, "has the address")
    failed(redress("user", "add", "nonsense", "--name", "Jo", REDRESS_DATABASE_URL=url), "is not an e-mail address")


def test_a_record_that_is_not_there_is_told(redress, migrated_url: str) -> None:  # type: ignore[no-untyped-def]
    failed(
        redress("export", "conversation", "nope", REDRESS_DATABASE_URL=migrated_url), "There is no conversation nope"
    )
    failed(redress("export", "case", "nope", REDRESS_DATABASE_URL=migrated_url), "There is no case nope")


def test_a_home_without_the_encoder_is_told_how_to_get_it(redress) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    failed(redress("up", REDRESS_PORT=port), "sentence encoder", "make setup")


def test_a_scorecard_is_of_one_conversation_or_of_a_file(redress, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    failed(redress("scorecard"), "--file")
    failed(redress("scorecard", "c1", "--file", str(tmp_path / "t.jsonl")), "--file")
