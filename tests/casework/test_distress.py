"""What nobody could store an alert of is paged all the same."""

import secrets
from dataclasses import replace
from typing import Any

import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from casework.errors import Refused, Unavailable
from casework.floor.distress import LASTING_S
from recovery.staffing import Paging, Recipient
from store.condition import AWAY, FULL, Condition
from tests.casework.floor import MINUTE, FloorUnderTest
from tests.casework.test_paging import Sender

GROUP = Recipient("Duty group", "telegram", "-100")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def failed(condition: Condition, kind: type[Exception] | None) -> str:
    """What whoever asked is told when PostgreSQL answers so; None: it does not answer."""
    return str(condition.failed(OperationalError("select", {}, kind() if kind else OSError("gone"))))


def test_a_database_that_is_full_is_told_apart_from_one_that_is_away() -> None:
    seconds = Seconds()
    condition = Condition(seconds)
    assert failed(condition, errors.DiskFull) == FULL
    assert condition.trouble(LASTING_S) == FULL  # it fills up no slower while one looks on
    seconds.now = 61.0
    assert condition.trouble(LASTING_S) == ""
    assert failed(condition, None) == failed(condition, errors.TooManyConnections) == AWAY
    assert condition.trouble(LASTING_S) == ""
    seconds.now += LASTING_S
    assert condition.trouble(LASTING_S) == AWAY
    condition.well()
    assert condition.trouble(LASTING_S) == ""


async def test_what_the_database_will_never_take_is_not_tried_again(floor: FloorUnderTest) -> None:
    longer_than_an_index_takes = secrets.token_hex(8000)
    with pytest.raises(Refused, match="beyond its limits"):
        await floor.store.identities.use_once(longer_than_an_index_takes, "7", floor.at, floor.at)
    assert floor.store.database.condition.trouble(0.0) == ""


async def test_a_statement_that_works_ends_the_trouble(floor: FloorUnderTest) -> None:
    database = floor.store.database
    database.condition.failed(OperationalError("select", {}, OSError("gone")))
    assert database.condition.trouble(0.0) == AWAY
    async with database.begin() as connection:
        await connection.execute(text("select 1"))
    assert database.condition.trouble(0.0) == ""


async def test_people_are_paged_without_the_database_at_once_and_again_until_it_is_back(
    floor: FloorUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender()
    floor.staffing = replace(floor.staffing, paging=Paging({"supervisor": (GROUP,)}, repeat=5 * MINUTE))
    floor.pagers = {"email": sender, "telegram": sender}
    floor.__post_init__()
    vera = await floor.hire("Vera Holm", "supervisor")
    distress = floor.floor.distress
    await distress.look()
    assert sender.sent == []

    async def away(*_: Any) -> None:
        raise Unavailable(AWAY)

    monkeypatch.setattr(type(floor.ports.presence), "everybody", away)
    trouble = [AWAY]
    distress.condition = type("Told", (), {"trouble": lambda self, after_s: trouble[0]})()
    await distress.look()
    await distress.look()
    assert {(to, page.number, page.title) for to, page in sender.sent} == {(vera.email, 1, AWAY), ("-100", 1, AWAY)}
    floor.at += 5 * MINUTE
    await distress.look()
    assert {page.number for _, page in sender.sent[2:]} == {2}
    trouble[0] = ""
    await distress.look()
    trouble[0] = FULL
    await distress.look()
    assert {(page.number, page.title) for _, page in sender.sent[4:]} == {(1, FULL)}
