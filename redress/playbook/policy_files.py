"""What is owed and who may give it: recovery policy, budgets and empowerment."""

from typing import Annotated, Literal

from pydantic import (
    Field,
    model_validator,
)

from recovery import playbook as values
from recovery.budgets import Budget, Period
from recovery.words import ChallengeType, Remedy, Role
from redress.playbook.kinds import LABEL_LENGTH, HabitWhen, Label, Pence, RuleId, RuleWhen, Text, Words
from redress.playbook.strict import Strict


class AmountEntry(Strict):
    """Money in pence: the parts add up, and stay between at_least and at_most."""

    fixed: Pence = 0
    percent_of_order: int = Field(default=0, ge=0, le=100)
    per_day_late: Pence = 0
    at_least: Pence = 0
    at_most: Pence | None = None
    whole_order: bool = Field(
        default=False, description="The share is of the whole order, also where one of its things was named."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> "AmountEntry":
        if not (self.fixed or self.percent_of_order or self.per_day_late or self.at_least):
            raise ValueError("this amount is always nothing, remove it or give it a value")
        if self.at_most is not None and self.at_most < max(self.at_least, 1):
            raise ValueError("at_most is less than at_least, correct one of them")
        return self

    def value(self) -> values.Amount:
        return values.Amount(
            self.fixed, self.percent_of_order, self.per_day_late, self.at_least, self.at_most, self.whole_order
        )


class EntitlementEntry(Strict):
    """One alternative that a customer may be offered."""

    remedy: Remedy
    amount: AmountEntry | None = None
    label: Label = Field(description=f"As on a button, at most {LABEL_LENGTH} characters with the money in it.")
    promise: Text = Field(description="A clause that completes “Done: …”, without a full stop.")
    words: Words = Field(description="Lower-case words by which a customer picks it.")
    goodwill: bool = Field(default=False, description="Beyond what is owed.")

    def value(self) -> values.Entitlement:
        amount = self.amount.value() if self.amount else values.Amount()
        return values.Entitlement(self.remedy, amount, self.label, self.promise, self.words, self.goodwill)


class PolicyEntry(Strict):
    """What is owed or allowed when all the conditions hold, best for most customers first."""

    id: RuleId
    challenges: tuple[ChallengeType, ...] = Field(min_length=1)
    when: RuleWhen = ()
    entitlements: tuple[EntitlementEntry, ...] = Field(min_length=1)

    def value(self) -> values.PolicyRule:
        return values.PolicyRule(self.id, self.challenges, self.when, tuple(e.value() for e in self.entitlements))


class GoodwillEntry(Strict):
    """Extra for a customer whom we owe more."""

    id: RuleId
    when: RuleWhen = Field(min_length=1)
    percent_more: int = Field(ge=1, le=200)

    def value(self) -> values.GoodwillRule:
        return values.GoodwillRule(self.id, self.when, self.percent_more)


class HeldBackEntry(Strict):
    """A reason for which the bot gives no goodwill by itself."""

    id: RuleId
    when: RuleWhen = Field(min_length=1)

    def value(self) -> values.Named:
        return values.Named(self.id, self.when)


class SignalEntry(Strict):
    """What may show that compensation is sought rather than owed."""

    id: Text
    when: HabitWhen = Field(min_length=1)

    def value(self) -> values.Named:
        return values.Named(self.id, self.when)


class PolicyFile(Strict):
    """policy.yml"""

    recovery_policy: tuple[PolicyEntry, ...] = Field(min_length=1)
    goodwill: tuple[GoodwillEntry, ...] = ()
    held_back: tuple[HeldBackEntry, ...] = ()
    abuse_signals: tuple[SignalEntry, ...] = ()


class BudgetEntry(Strict):
    """Goodwill for all customers together in a period."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text
    period: Period
    pence: Annotated[int, Field(ge=1)]
    challenges: tuple[ChallengeType, ...] = ()

    def value(self) -> Budget:
        return Budget(self.id, self.title, self.period, self.pence, self.challenges)


class BudgetsFile(Strict):
    """budgets.yml"""

    smallest_goodwill: Annotated[int, Field(ge=1)]
    budgets: tuple[BudgetEntry, ...] = ()


class LimitEntry(Strict):
    """The most that one role may grant without a person above, in pence."""

    per_grant: Pence
    per_customer_a_year: Pence
    per_day: Pence | None = Field(default=None, description="Of one person, for all customers; none: no limit.")
    per_remedy: dict[Remedy, Pence] = Field(default={}, description="Less than per_grant for some remedies.")
    remedies: frozenset[Remedy] | Literal["all"]
    needs_approval: frozenset[Remedy] = Field(default=frozenset(), description="For somebody above to grant.")

    def value(self, role: Role) -> values.Empowerment:
        remedies = frozenset(Remedy) if self.remedies == "all" else frozenset(self.remedies)
        return values.Empowerment(
            role,
            self.per_grant,
            self.per_customer_a_year,
            remedies,
            self.per_remedy,
            self.per_day,
            self.needs_approval,
        )


class EmpowermentFile(Strict):
    """empowerment.yml"""

    empowerment: dict[Role, LimitEntry]
