"""teams.yml, calendar.yml, sla.yml and paging.yml: what they stand for, and how a mistake in them is told."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from recovery.staffing import Staffing
from recovery.words import Role
from redress.playbook import PlaybookBroken, load

ROOT = Path(__file__).parents[2]
STAFFING = load(ROOT / "playbook").staffing


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "playbook"
    shutil.copytree(ROOT / "playbook", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}, so this test would test nothing"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_public_holidays_are_those_of_the_country_of_every_year() -> None:
    named = [STAFFING.calendar.holiday(day) for day in (date(2026, 12, 25), date(2031, 1, 1), date(2026, 11, 24))]
    assert named == ["Christmas Day", "New Year's Day", ""]


def test_the_company_opens_by_its_own_wall_clock() -> None:
    summer, winter = (STAFFING.calendar.next_opening(datetime(2026, m, 20, 3, tzinfo=UTC)) for m in (7, 11))
    assert (summer, winter) == (datetime(2026, 7, 20, 7, tzinfo=UTC), datetime(2026, 11, 20, 8, tzinfo=UTC))


def test_some_teams_work_round_the_clock() -> None:
    night = datetime(2026, 12, 25, 3, tzinfo=UTC)
    assert STAFFING.calendar_of("safety").is_open(night)
    assert not STAFFING.calendar_of("care").is_open(night)


def test_targets_and_thresholds_are_there_for_every_priority() -> None:
    assert STAFFING.targets_of(1).first_reply == timedelta(minutes=2)
    assert [len(by) for by in (STAFFING.targets, STAFFING.unclaimed, STAFFING.idle)] == [5, 5, 5]
    assert isinstance(STAFFING, Staffing)
    assert STAFFING.capacity[Role.AGENT] == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("calendar.yml", '["08:00-20:00"]', '["20:00-08:00"]', "'20:00-08:00' ends before it starts"),
        ("calendar.yml", '["08:00-20:00"]', '["8-20"]', "'8-20' is no span of time, write it as 08:00-20:00"),
        ("calendar.yml", '["08:00-20:00"]', '["08:00-12:00", "11:00-20:00"]', "the spans of monday overlap"),
        ("calendar.yml", "Europe/London", "Europe/Londn", "'Europe/Londn' is no time zone"),
        ("calendar.yml", "subdivision: ENG", "subdivision: BAY", "GB has no subdivision 'BAY'"),
        ("calendar.yml", "country: GB", "country: XX", "the public holidays of 'XX' are not known"),
        ("teams.yml", "[2, 5, 10, 20, 30]", "[20, 5, 10, 20, 30]", "what is more urgent may not wait longer"),
        ("teams.yml", "severity: [0, 8,", "severity: [9, 8,", "the points fall though the scale rises"),
        ("teams.yml", "  care: {name: customer care}\n", "", "the team care is not in teams.yml"),
        ("teams.yml", "tier: specialist}", "tier: boss}", "'boss' is not known, write one of"),
        ("sla.yml", "  3: {first_reply: 10", "  3: {first_reply: 1", "what is more urgent may not wait longer"),
        (
            "paging.yml",
            "recipients: {}",
            'recipients: {nurses: [{name: Duty, channel: telegram, to: "-5"}]}',
            "nurses is neither a team of teams.yml nor a role",
        ),
        (
            "paging.yml",
            "recipients: {}",
            "recipients: {care: [{name: Duty, channel: email, to: duty}]}",
            "'duty' is no e-mail address",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(PlaybookBroken) as broken:
        load(changed(tmp_path, file, old, new))
    assert [p for p in broken.value.problems if told in p and p.startswith("playbook/")], broken.value.problems
