"""What a set of scripts covers of a playbook: challenge types by tier, every rule, contingency and budget."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from recovery.playbook import Playbook
from recovery.words import ChallengeType, Tier
from redress.problem import Problem
from redress.simulation.script import Script
from redress.simulation.stated import cases_of, rule_ids, rules_of

STRANGER = "stranger"
ONLY_PEOPLE = "only_people.yaml"  # the rules that no script can reach, each with the reason


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many scripts state a final state for each challenge type and tier, and for each rule."""

    cells: Mapping[tuple[str, str], int]
    rules: Mapping[str, int]
    missing: tuple[str, ...]  # in sentences

    def table(self) -> str:
        """Challenge types by tiers, then the rules."""
        tiers = [*Tier, STRANGER]
        width = max(len(c) for c in ChallengeType)
        lines = [f"{'':<{width}}  " + "  ".join(f"{tier:>8}" for tier in tiers)]
        for challenge in ChallengeType:
            counts = (self.cells.get((challenge, tier), 0) for tier in tiers)
            lines.append(f"{challenge:<{width}}  " + "  ".join(f"{count or '-':>8}" for count in counts))
        lines += ["", f"{sum(map(bool, self.rules.values()))} of {len(self.rules)} rules:"]
        return "\n".join([*lines, *_columns([f"{rule} {count or '-'}" for rule, count in self.rules.items()])])


def coverage_of(
    scripts: Sequence[Script], playbook: Playbook, tiers: Mapping[str, Tier], beyond: Mapping[str, str]
) -> Coverage:
    """`tiers`: the demo customers' own, by e-mail address. `beyond`: what only people do, and why."""
    cells = Counter((challenge, _tier(script, tiers)) for script in scripts for challenge in set(_challenges(script)))
    named = Counter(rule for script in scripts for rule in set(rules_of(script)))
    rules = {rule: named[rule] for rule in rule_ids(playbook)}
    missing = [f"No script covers {c} for {t} customers." for c in ChallengeType for t in Tier if not cells[c, t]]
    missing += [f"No script has a {kind} run." for kind in playbook.contingencies if kind not in _running(scripts)]
    missing += [f"No script uses up the budget {b.id}." for b in playbook.budgets if b.id not in _used_up(scripts)]
    missing += [f"No script covers rule {r}." for r, count in rules.items() if not count and r not in beyond]
    missing += [f"A script names {r}, which is no rule of the playbook." for r in named if r not in rules]
    missing += [f"{r} is said to be for people only, and is covered." for r in beyond if rules.get(r)]
    missing += [f"{r} is said to be for people only, and is no rule." for r in beyond if r not in rules]
    return Coverage(cells, rules, tuple(missing))


def read_beyond(folder: Path) -> dict[str, str]:
    """The rules that only people apply, as the suite says."""
    path = folder / ONLY_PEOPLE
    found = yaml.safe_load(path.read_text()) if path.exists() else {}
    if not isinstance(found, dict):
        raise Problem(f"{path} is no list of rules, each with its reason.")
    return {str(rule): str(why) for rule, why in found.items()}


def _running(scripts: Sequence[Script]) -> set[str]:
    return {each.kind for script in scripts if script.company for each in script.company.contingencies}


def _used_up(scripts: Sequence[Script]) -> set[str]:
    return {budget for script in scripts if script.company for budget in script.company.left}


def _tier(script: Script, tiers: Mapping[str, Tier]) -> str:
    if script.customer == STRANGER:
        return STRANGER
    return script.but.tier or tiers.get(script.customer, Tier.STANDARD)


def _challenges(script: Script) -> Iterable[str]:
    return (case.challenge for case in cases_of(script.database))


def _columns(words: Sequence[str], across: int = 4) -> list[str]:
    width = max(map(len, words), default=0) + 2
    rows = [words[start : start + across] for start in range(0, len(words), across)]
    return ["  " + "".join(f"{word:<{width}}" for word in row).rstrip() for row in rows]
