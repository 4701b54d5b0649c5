"""How often a customer has had to come to us about the same problem, and what we promised them then."""

import re
from datetime import date, datetime, timedelta

from recovery.dates import day
from recovery.kin import kin
from recovery.records import WITHDRAWN, History, Interaction
from recovery.state import Problem
from recovery.words import ChallengeType

LATELY = timedelta(days=120)
LATELY_ALIKE = timedelta(days=30)  # where no order ties two contacts together, but what they were about
OURS = re.compile(r"\btold the outcome\b|\bpraised\b", re.IGNORECASE)  # no report of a problem
PROMISED_CALL = re.compile(r"\bpromis\w+ (?:them )?(?:to )?(?:a )?(?:call|ring|phone)", re.IGNORECASE)
PROMISED_WORD = re.compile(
    r"\bpromis\w+ (?:them )?(?:to )?(?:an? )?(?:answer|reply|respon|update|decision|e-?mail|write)", re.IGNORECASE
)
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
NAMED = 3  # dates that are said one by one


def earlier_contacts(problem: Problem, history: History | None, now: datetime) -> tuple[date, ...]:
    """The days before today on which the customer came to us about this, oldest first."""
    if history is None:
        return ()
    told = [i.at for i in _about(problem, history) if not OURS.search(i.summary)]
    opened = [
        c.opened_at
        for c in history.cases
        if c.order_id == problem.order_id and _alike(c.challenge, problem) and c.outcome != WITHDRAWN
    ]
    since = now - (LATELY if problem.order_id else LATELY_ALIKE)
    days = {moment.date() for moment in (*told, *opened) if moment > since}
    return tuple(sorted(d for d in days if d < now.date()))


def promised_call(problem: Problem, history: History | None, now: datetime) -> date | None:
    """The day on which we promised a call about this, when the customer has had to come back since."""
    return _promised(PROMISED_CALL, problem, history, now)


def promised_word(problem: Problem, history: History | None, now: datetime) -> date | None:
    """The day on which we promised an answer about this, when the customer has had to come back since."""
    return _promised(PROMISED_WORD, problem, history, now)


def _promised(what: re.Pattern[str], problem: Problem, history: History | None, now: datetime) -> date | None:
    found = [i.at for i in _about(problem, history) if what.search(i.summary)] if history else []
    latest = max(found, default=None)
    return latest.date() if latest and timedelta(days=2) < now - latest < LATELY else None


def _about(problem: Problem, history: History) -> list[Interaction]:
    """With an order, also what was about nothing in particular; without one, only the very same challenge."""
    return [
        i
        for i in history.interactions
        if i.order_id == problem.order_id
        and ((i.challenge is None and problem.order_id is not None) or _alike(i.challenge, problem))
    ]


def _alike(challenge: ChallengeType | None, problem: Problem) -> bool:
    if challenge is None:
        return False
    if problem.order_id is None:
        # Two rude drivers are two problems.
        return challenge is problem.challenge and challenge is not ChallengeType.STAFF_CONDUCT
    return kin(challenge, problem.challenge)


def told_on(contacts: tuple[date, ...]) -> str:
    """`13 Nov`, `13 Nov and 20 Nov`, `1 Oct, 13 Nov and 20 Nov`; of many, when it began."""
    if not contacts:
        return ""
    if len(contacts) > NAMED:
        return f"{day(contacts[0])} and {len(contacts) - 1} times since"
    *first, last = [day(d) for d in contacts]
    return f"{', '.join(first)} and {last}" if first else last


def which_time(contacts: tuple[date, ...]) -> str:
    """`third`, for somebody who came twice before."""
    number = len(contacts) + 1
    return ORDINALS.get(number, f"{number}th")
