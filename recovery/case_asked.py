"""Asked about their case while they wait for a person: whether it is asked, and what is known of it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recovery.choosing import plain

_CASE = r"(?:case|complaint|problem|claim|issue|ticket)"
_ASKS = re.compile(
    r"\bwhat(?:'s|s| is| will)? (?:actually |even )?(?:be )?(?:happen(?:s|ing|ed)?|going (?:on|to happen)|next)\b"
    rf"|\bwhat(?:'s|s| is)? the (?:status|state|latest|plan)\b|\b(?:status|state) of (?:my|the|this) {_CASE}"
    rf"|\b(?:any|some) (?:news|updates?|progress)\b|\bwhat (?:about|of) my {_CASE}"
    rf"|\bhow (?:far|is|are|does|'s) .{{0,20}}\b(?:{_CASE}|you got|it go)"
    rf"|\bwhere (?:do|does|are|is) (?:i|we|it|things|my {_CASE})(?: stand| at| up to)?\b"
    r"|\bwhat (?:did|have|has) (?:you|been|we) (?:been )?(?:decided?|done|booked|noted?|got)\b"
    rf"|\bwho(?:'s| is| has)? (?:got |dealing with |looking (?:at|into) |handling )(?:my {_CASE}|it|this)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the packet of a handoff knows, as clauses; empty where there is none."""

    reported: str
    booked: str


def asks_about_case(text: str) -> bool:
    """Whether somebody who waits asks how it stands."""
    return _ASKS.search(plain(text)) is not None


def known_of(problems: Sequence[Mapping[str, object]]) -> Known:
    """What was reported, with its order, and what is booked already."""
    told = [p for p in problems if p.get("progress") != "dropped" and p.get("title")]
    reported = [f"the {p['title']}" + (f" on order {p['order_id']}" if p.get("order_id") else "") for p in told]
    booked = [_small(str(p["agreed"])) for p in told if p.get("progress") == "booked" and p.get("agreed")]
    return Known(_listed(reported), _listed(booked))


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _listed(clauses: Sequence[str]) -> str:
    once = list(dict.fromkeys(clauses))
    return ", ".join(once[:-1]) + (" and " if once[1:] else "") + once[-1] if once else ""
