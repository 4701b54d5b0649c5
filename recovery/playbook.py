"""The playbook as values: what a manager may change without a programmer. Read from YAML at the edge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from recovery.budgets import Budget
from recovery.conditions import Condition
from recovery.details import Detail
from recovery.loyalty import Loyalty
from recovery.staffing import PLAIN, Staffing
from recovery.surveys import Surveys
from recovery.words import ChallengeType, Fault, Remedy, Role, Severity, Tier


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that an order's events can show: whose fault it is, how it is told, and what it can explain."""

    id: str
    fault: Fault
    told: str
    explains: tuple[ChallengeType, ...] = ()  # none named: all


@dataclass(frozen=True, slots=True)
class Raise:
    """A reason for a higher severity than the base."""

    id: str
    when: tuple[Condition, ...]
    to: Severity
    by: str = "harm"  # harm, money, time, vulnerability or loyalty


@dataclass(frozen=True, slots=True)
class ChallengeRule:
    """How one challenge type is listened to and judged."""

    challenge: ChallengeType
    title: str
    needs_order: bool
    order_kinds: tuple[str, ...]
    severity: Severity
    raises: tuple[Raise, ...]
    signs: tuple[str, ...]  # order event kinds that fit this challenge
    default_cause: str
    team: str
    prevention: str
    usually: str
    asks_for: str = ""  # photo, where one helps; nothing waits for it
    details: tuple[Detail, ...] = ()
    not_judged_by: tuple[str, ...] = ()
    people_decide_for: tuple[Tier, ...] = ()  # the bot may have nothing to offer to these


@dataclass(frozen=True, slots=True)
class Amount:
    """How much money a remedy carries, in pence: fixed, a share of the order, per day late; within bounds."""

    fixed: int = 0
    percent_of_order: int = 0
    per_day_late: int = 0
    at_least: int = 0
    at_most: int | None = None
    whole_order: bool = False  # the share is of all of it, whichever of its things was named


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One alternative that a policy rule owes or allows. `goodwill` ones are beyond what is owed."""

    remedy: Remedy
    amount: Amount
    label: str
    promise: str
    words: tuple[str, ...]
    goodwill: bool = False


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """What is owed when the conditions hold: the alternatives, best for most customers first."""

    id: str
    challenges: tuple[ChallengeType, ...]
    when: tuple[Condition, ...]
    entitlements: tuple[Entitlement, ...]


@dataclass(frozen=True, slots=True)
class GoodwillRule:
    """Extra for a customer whom we have let down before: raises vouchers and credits."""

    id: str
    when: tuple[Condition, ...]
    percent_more: int


@dataclass(frozen=True, slots=True)
class Named:
    """Conditions with a name: a reason to hold goodwill back, or a signal of abuse."""

    id: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Empowerment:
    """The most that one role may grant without a person above, in pence.

    `per_remedy` is less than `per_grant` for some remedies; `per_day` is for all customers of one person together;
    what `needs_approval` is granted by somebody above, whatever it costs.
    """

    role: Role
    per_grant: int
    per_customer_a_year: int
    remedies: frozenset[Remedy]
    per_remedy: Mapping[Remedy, int] = field(default_factory=dict)
    per_day: int | None = None
    needs_approval: frozenset[Remedy] = frozenset()

    def most(self, remedy: Remedy) -> int:
        """The most for one grant of this remedy."""
        return min(self.per_grant, self.per_remedy.get(remedy, self.per_grant))


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """When a person takes over, which team, how urgent, and what the customer is told."""

    id: str
    title: str
    when: tuple[Condition, ...]
    team: str
    priority: int
    response: str
    advice_first: bool = False  # what the customer should do now is said before anything else
    alone: bool = False  # nothing else is said beside it


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of a procedure's checklist, with its clock: minutes from the message that began it."""

    id: str
    text: str
    within_minutes: int


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is done in a critical situation. Its `rule` says when, who takes over, and what the customer is told.

    `pages` are teams and roles, called again every `acknowledge_within_minutes` until somebody acknowledges.
    """

    id: str
    title: str
    rule: EscalationRule
    pages: tuple[str, ...]
    acknowledge_within_minutes: int
    checklist: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """When to check back after a remedy, in minutes, and what is asked then."""

    remedy: Remedy
    after_minutes: int
    ask: str = "utter_check_back"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that customers ask outside a challenge, and what we say; of `products` alone, where it names any."""

    id: str
    words: tuple[str, ...]
    text: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContingencyKind:
    """A kind of contingency: what then counts as the cause, what a supervisor names, and the words proposed."""

    id: str
    title: str
    cause: str
    challenges: tuple[ChallengeType, ...]
    names: tuple[str, ...]
    text: str
    doing: str
    longest_hours: int
    words: tuple[str, ...] = ()  # by which a question about it is known
    passes: bool = True  # a strike ends one day, and a recall does not


@dataclass(frozen=True, slots=True, repr=False)
class Playbook:
    """All of it, one version. Versions are named by their content, so that a decision can be traced."""

    version: str
    company: str
    currency: str
    causes: Mapping[str, Cause]
    challenges: Mapping[ChallengeType, ChallengeRule]
    policy: tuple[PolicyRule, ...]
    goodwill: tuple[GoodwillRule, ...]
    empowerment: Mapping[Role, Empowerment]
    escalation: tuple[EscalationRule, ...]
    follow_ups: Mapping[Remedy, FollowUpRule]
    survey_after_minutes: int
    answers: tuple[Answer, ...] = ()
    staffing: Staffing = PLAIN
    held_back: tuple[Named, ...] = ()  # when the bot gives no goodwill by itself
    abuse_signals: tuple[Named, ...] = ()
    budgets: tuple[Budget, ...] = ()
    smallest_goodwill: int = 1  # less than this is not worth offering
    surveys: Surveys = Surveys()  # noqa: RUF009 - frozen
    loyalty: Loyalty = Loyalty()  # noqa: RUF009 - frozen
    contingencies: Mapping[str, ContingencyKind] = field(default_factory=dict)
    procedures: tuple[Procedure, ...] = ()  # their rules are part of `escalation`
    undo_minutes: int = 60  # how long a booking can be taken back
    return_days: int = 30  # how long most things can be sent back
    guarantee_days: int = 730  # how long what we sell is covered
    quiet_minutes: int = 720  # after so long without a word, an open offer holds no follow-up back

    def __repr__(self) -> str:
        return f"Playbook({self.version!r})"  # of its hundred pages nobody reads a line in a report

    def procedures_of(self, rules: Iterable[str]) -> tuple[Procedure, ...]:
        """The procedures that these escalation rules begin."""
        fired = frozenset(rules)
        return tuple(p for p in self.procedures if p.rule.id in fired)

    def money(self, pence: int) -> str:
        """An amount as customers read it."""
        sign = {"GBP": "£", "EUR": "€", "USD": "$"}.get(self.currency, self.currency + " ")
        return f"{sign}{pence // 100}" if pence % 100 == 0 else f"{sign}{pence / 100:,.2f}"
