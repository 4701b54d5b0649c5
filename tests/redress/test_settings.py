"""Settings come from the environment, and a broken one is told in a sentence."""

import stat
from pathlib import Path

import pytest

from redress import settings
from redress.problem import Problem


def load(home: Path, **environment: str) -> settings.Settings:
    return settings.load({"REDRESS_HOME": str(home), **environment})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REDRESS_PORT", "eighty", "REDRESS_PORT is 'eighty'"),
        ("REDRESS_PORT", "70000", "less than or equal to 65535"),
        ("REDRESS_DATABASE_URL", "mysql://root@db/x", "must be a PostgreSQL URL"),
        ("REDRESS_DEMO", "perhaps", "REDRESS_DEMO is 'perhaps'"),
        ("REDRESS_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("REDRESS_TIMEZONE", "Mars/Olympus", "name of a time zone"),
        ("REDRESS_SESSION_SECRET", "short", "at least 32 characters"),
    ],
)
def test_a_broken_value_is_told_in_one_sentence_that_names_it(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    with pytest.raises(Problem) as problem:
        load(tmp_path, **{name: value})
    assert told in str(problem.value)
    assert name in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_secret_value_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        load(tmp_path, REDRESS_SESSION_SECRET="hunter2")
    assert "hunter2" not in str(problem.value)


def test_a_database_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        load(tmp_path, REDRESS_DATABASE_URL="mysql://root:hunter2@db/x")
    assert "hunter2" not in str(problem.value)


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first, again = load(tmp_path), load(tmp_path)
    assert first.engine_token == again.engine_token
    assert len({s.get_secret_value() for s in (first.engine_token, first.identity_secret, first.session_secret)}) == 3
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_a_secret_from_the_environment_wins(tmp_path: Path) -> None:
    load(tmp_path)
    given = "x" * 40
    assert load(tmp_path, REDRESS_SESSION_SECRET=given).session_secret.get_secret_value() == given


def test_any_way_of_writing_a_postgresql_url_is_understood(tmp_path: Path) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        url = load(tmp_path, REDRESS_DATABASE_URL=f"{scheme}://u:p@db/x").database_url
        assert url == "postgresql+psycopg://u:p@db/x"


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="REDRESS_HOME"):
        load(tmp_path / "file" / "home")


def test_a_child_gets_every_decision(tmp_path: Path) -> None:
    decided = load(tmp_path, REDRESS_PORT="8123").model_copy(update={"engine_port": 5, "actions_port": 6})
    child = settings.child_environment(decided)
    assert settings.load(child) == decided.model_copy(update={"ci": settings.load(child).ci})
    assert child["REDRESS_ACTIONS_URL"] == "http://127.0.0.1:6/webhook"
