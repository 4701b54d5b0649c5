"""The playbook's files as pydantic models: what each may hold, and the values that it stands for."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from recovery import playbook as values
from recovery.budgets import Budget, Period
from recovery.conditions import Condition
from recovery.details import Detail
from recovery.loyalty import Loyalty, LoyaltyOffer
from recovery.surveys import SurveyKind, SurveyRule, Surveys
from recovery.words import ChallengeType, Fault, OrderEventKind, Remedy, Role, Severity, Tier
from redress.playbook.facts import (
    ESCALATION_FACTS,
    HABIT_FACTS,
    LOYALTY_FACTS,
    RAISE_FACTS,
    RULE_FACTS,
    SEVERITY,
    SURVEY_FACTS,
    conditions,
    conditions_schema,
)
from redress.playbook.staffing import CalendarFile, PagingFile, SlaFile, TeamsFile, staffing
from redress.playbook.strict import Strict

LABEL_LENGTH = 45  # what fits on a button


def _severity(word: object) -> object:
    return Severity(int(SEVERITY.value(word)))


def _fits_a_button(label: str) -> str:
    if len(label.replace("{amount}", "£149.99")) > LABEL_LENGTH:
        raise ValueError(f"“{label}” is longer than the {LABEL_LENGTH} characters of a button, shorten it")
    return label


type Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
type Label = Annotated[Text, AfterValidator(_fits_a_button)]
type Words = Annotated[tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...], Field(min_length=1)]
type RuleId = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_.]*$")]
type Pence = Annotated[int, Field(ge=0)]
type Grade = Annotated[Severity, BeforeValidator(_severity), WithJsonSchema(SEVERITY.schema)]
type RaiseWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, RAISE_FACTS)),
    WithJsonSchema(conditions_schema(RAISE_FACTS)),
]
type RuleWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, RULE_FACTS)),
    WithJsonSchema(conditions_schema(RULE_FACTS)),
]
type HabitWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, HABIT_FACTS)),
    WithJsonSchema(conditions_schema(HABIT_FACTS)),
]
type SurveyWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, SURVEY_FACTS)),
    WithJsonSchema(conditions_schema(SURVEY_FACTS)),
]
type LoyaltyWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, LOYALTY_FACTS)),
    WithJsonSchema(conditions_schema(LOYALTY_FACTS)),
]
type EscalationWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, ESCALATION_FACTS)),
    WithJsonSchema(conditions_schema(ESCALATION_FACTS)),
]


class CompanyFile(Strict):
    """company.yml"""

    changed: date = Field(description="The day of the last change; part of the playbook's version.")
    name: Text
    currency: Literal["GBP", "EUR", "USD"]
    survey_after_minutes: int = Field(ge=0, description="How long after a recovery the survey is due.")
    undo_minutes: int = Field(ge=0, description="How long a booking can be taken back in the chat.")
    return_days: int = Field(ge=0, description="How long most things can be sent back.")
    quiet_minutes: int = Field(
        ge=1, description="How long a customer is silent before an open offer holds no follow-up back."
    )


type Dimension = Literal["harm", "money", "time", "vulnerability", "loyalty"]
type Entity = Literal["order_number", "tracking_number", "product", "quantity", "date", "money", "email", "phone"]


class RaiseEntry(Strict):
    """A reason to judge a problem more severe."""

    id: Text = Field(description="A few words that follow “because of”.")
    by: Dimension
    when: RaiseWhen = Field(min_length=1)
    to: Grade

    def value(self) -> values.Raise:
        return values.Raise(self.id, self.when, self.to, self.by)


class DetailEntry(Strict):
    """One thing to listen for: as an entity, or by words that begin so."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text = Field(description="As the person who takes over reads it.")
    entities: tuple[Entity, ...] = ()
    words: tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...] = ()

    @model_validator(mode="after")
    def _can_be_heard(self) -> "DetailEntry":
        if not (self.entities or self.words):
            raise ValueError("this detail could never be heard, give it entities or words")
        return self

    def value(self) -> Detail:
        return Detail(self.id, self.title, self.entities, self.words)


class ChallengeEntry(Strict):
    """How one challenge type is listened to and judged."""

    title: Text = Field(description="In customers' words, as it follows “the”.")
    needs_order: bool
    order_kinds: tuple[Literal["goods", "service", "plan", "booking"], ...] = ()
    severity: Grade
    raises: tuple[RaiseEntry, ...] = ()
    signs: tuple[OrderEventKind | Literal["overdue", "delivered_lately"], ...] = ()
    default_cause: Text
    team: Text
    prevention: Text = Field(description="One sentence: what we do so that it does not happen again.")
    usually: Text = Field(description="One sentence for a stranger: what we can usually do.")
    details: tuple[DetailEntry, ...] = Field(min_length=1, description="What to listen for.")
    not_judged_by: tuple[Dimension, ...] = ()
    people_decide_for: tuple[Tier, ...] = Field(default=(), description="Tiers for which only a person decides.")
    asks_for: Literal["", "photo"] = Field(default="", description="What the customer is asked to send if they can.")

    def value(self, challenge: ChallengeType) -> values.ChallengeRule:
        return values.ChallengeRule(
            challenge,
            self.title,
            self.needs_order,
            self.order_kinds,
            self.severity,
            tuple(r.value() for r in self.raises),
            tuple(str(s) for s in self.signs),
            self.default_cause,
            self.team,
            self.prevention,
            self.usually,
            self.asks_for,
            tuple(d.value() for d in self.details),
            self.not_judged_by,
            self.people_decide_for,
        )


class ChallengesFile(Strict):
    """challenges.yml"""

    challenges: dict[ChallengeType, ChallengeEntry]


class CauseEntry(Strict):
    """A cause that an order's events can show."""

    fault: Fault
    told: Text = Field(description="One sentence to the customer.")
    explains: tuple[ChallengeType, ...] = Field(
        default=(), description="The challenge types that it can explain; none named means all."
    )

    def value(self, cause: str) -> values.Cause:
        return values.Cause(cause, self.fault, self.told, self.explains)


class CausesFile(Strict):
    """causes.yml"""

    causes: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], CauseEntry]


class AmountEntry(Strict):
    """Money in pence: the parts add up, and stay between at_least and at_most."""

    fixed: Pence = 0
    percent_of_order: int = Field(default=0, ge=0, le=100)
    per_day_late: Pence = 0
    at_least: Pence = 0
    at_most: Pence | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "AmountEntry":
        if not (self.fixed or self.percent_of_order or self.per_day_late or self.at_least):
            raise ValueError("this amount is always nothing, remove it or give it a value")
        if self.at_most is not None and self.at_most < max(self.at_least, 1):
            raise ValueError("at_most is less than at_least, correct one of them")
        return self

    def value(self) -> values.Amount:
        return values.Amount(self.fixed, self.percent_of_order, self.per_day_late, self.at_least, self.at_most)


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


class EscalationEntry(Strict):
    """When a person takes over, which team, how urgent (1 is most), and what the customer is told."""

    id: Annotated[str, Field(pattern=r"^R\d\d$")]
    title: Text
    when: EscalationWhen = Field(min_length=1)
    team: Text
    priority: int = Field(ge=1, le=5)
    response: Annotated[str, Field(pattern=r"^utter_hand_over_[a-z_]+$")]
    advice_first: bool = False

    def value(self) -> values.EscalationRule:
        return values.EscalationRule(
            self.id, self.title, self.when, self.team, self.priority, self.response, self.advice_first
        )


class EscalationFile(Strict):
    """escalation.yml"""

    escalation: tuple[EscalationEntry, ...] = Field(min_length=1)


class DutyEntry(Strict):
    """One line of a checklist, with its clock."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    text: Text
    within_minutes: int = Field(ge=1, description="Minutes from the customer's message.")

    def value(self) -> values.Duty:
        return values.Duty(self.id, self.text, self.within_minutes)


class ProcedureEntry(Strict):
    """What is done in a critical situation."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    rule: Annotated[str, Field(pattern=r"^R\d\d$")]
    title: Text
    when: EscalationWhen = Field(min_length=1)
    team: Text
    priority: int = Field(ge=1, le=5)
    says: Annotated[str, Field(pattern=r"^utter_hand_over_[a-z_]+$")]
    advice_first: bool = False
    alone: bool = Field(default=False, description="Nothing else is said in the same breath.")
    pages: tuple[Text, ...] = Field(min_length=1, description="Teams and roles.")
    acknowledge_within_minutes: int = Field(ge=1, le=60)
    checklist: tuple[DutyEntry, ...] = Field(min_length=1)

    def value(self) -> values.Procedure:
        rule = values.EscalationRule(
            self.rule, self.title, self.when, self.team, self.priority, self.says, self.advice_first, self.alone
        )
        checklist = tuple(d.value() for d in self.checklist)
        return values.Procedure(self.id, self.title, rule, self.pages, self.acknowledge_within_minutes, checklist)


class ProceduresFile(Strict):
    """procedures.yml"""

    procedures: tuple[ProcedureEntry, ...] = Field(min_length=1)


class ContingencyEntry(Strict):
    """A kind of what hits many customers at once."""

    title: Text
    cause: Text
    challenges: tuple[ChallengeType, ...] = Field(min_length=1)
    names: tuple[Literal["couriers", "regions", "products"], ...] = ()
    text: Text
    doing: Text
    longest_hours: int = Field(ge=1, le=8760)
    words: tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...] = ()
    passes: bool = True

    def value(self, kind: str) -> values.ContingencyKind:
        return values.ContingencyKind(
            kind,
            self.title,
            self.cause,
            self.challenges,
            self.names,
            self.text,
            self.doing,
            self.longest_hours,
            self.words,
            self.passes,
        )


class ContingenciesFile(Strict):
    """contingencies.yml"""

    contingencies: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], ContingencyEntry]


class SurveyEntry(Strict):
    """One question after a recovery, and when it is the right one."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    kind: SurveyKind
    when: SurveyWhen = ()
    ask: Annotated[str, Field(pattern=r"^utter_survey[a-z_]*$")]

    def value(self) -> SurveyRule:
        return SurveyRule(self.id, self.kind, self.when, self.ask)


class SurveysFile(Strict):
    """surveys.yml"""

    at_most_every_days: int = Field(ge=0, le=3650)
    open_days: int = Field(default=14, ge=1, le=365)
    surveys: tuple[SurveyEntry, ...] = Field(min_length=1)

    def value(self) -> Surveys:
        return Surveys(tuple(s.value() for s in self.surveys), self.at_most_every_days, self.open_days)


class LoyaltyEntry(Strict):
    """A gift once a recovery has succeeded and been confirmed."""

    id: RuleId
    when: LoyaltyWhen = Field(min_length=1)
    gift: Text = Field(description="Completes “We would like to give you …”, without a full stop.")
    pence: Pence = 0

    def value(self) -> LoyaltyOffer:
        return LoyaltyOffer(self.id, self.when, self.gift, self.pence)


class LoyaltyFile(Strict):
    """loyalty.yml"""

    loyalty: tuple[LoyaltyEntry, ...] = ()
    at_most_every_days: int = Field(ge=1, le=3650)

    def value(self) -> Loyalty:
        return Loyalty(tuple(o.value() for o in self.loyalty), self.at_most_every_days)


class FollowUpEntry(Strict):
    """When to check back after a remedy, and what is asked then."""

    after_minutes: int = Field(ge=1)
    ask: Annotated[str, Field(pattern=r"^utter_check_back[a-z_]*$")] = "utter_check_back"


class FollowUpsFile(Strict):
    """follow_ups.yml"""

    follow_ups: dict[Remedy, FollowUpEntry]


class AnswerEntry(Strict):
    """A question outside a challenge, and what we say."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    words: Words
    text: Text

    def value(self) -> values.Answer:
        return values.Answer(self.id, self.words, self.text)


class AnswersFile(Strict):
    """answers.yml"""

    answers: tuple[AnswerEntry, ...]


class Files(BaseModel):
    """All files of one playbook, read."""

    company: CompanyFile
    challenges: ChallengesFile
    causes: CausesFile
    policy: PolicyFile
    budgets: BudgetsFile
    empowerment: EmpowermentFile
    procedures: ProceduresFile
    contingencies: ContingenciesFile
    escalation: EscalationFile
    follow_ups: FollowUpsFile
    surveys: SurveysFile
    loyalty: LoyaltyFile
    answers: AnswersFile
    teams: TeamsFile
    calendar: CalendarFile
    sla: SlaFile
    paging: PagingFile

    def playbook(self, version: str) -> values.Playbook:
        """The values that these files stand for."""
        procedures = tuple(p.value() for p in self.procedures.procedures)
        return values.Playbook(
            version=version,
            company=self.company.name,
            currency=self.company.currency,
            causes={i: c.value(i) for i, c in self.causes.causes.items()},
            challenges={t: c.value(t) for t, c in self.challenges.challenges.items()},
            policy=tuple(r.value() for r in self.policy.recovery_policy),
            goodwill=tuple(g.value() for g in self.policy.goodwill),
            held_back=tuple(h.value() for h in self.policy.held_back),
            abuse_signals=tuple(s.value() for s in self.policy.abuse_signals),
            budgets=tuple(b.value() for b in self.budgets.budgets),
            smallest_goodwill=self.budgets.smallest_goodwill,
            empowerment={r: e.value(r) for r, e in self.empowerment.empowerment.items()},
            escalation=(*(p.rule for p in procedures), *(e.value() for e in self.escalation.escalation)),
            procedures=procedures,
            surveys=self.surveys.value(),
            loyalty=self.loyalty.value(),
            contingencies={i: c.value(i) for i, c in self.contingencies.contingencies.items()},
            follow_ups={
                r: values.FollowUpRule(r, f.after_minutes, f.ask) for r, f in self.follow_ups.follow_ups.items()
            },
            survey_after_minutes=self.company.survey_after_minutes,
            answers=tuple(a.value() for a in self.answers.answers),
            staffing=staffing(self.teams, self.calendar, self.sla, self.paging),
            undo_minutes=self.company.undo_minutes,
            return_days=self.company.return_days,
            quiet_minutes=self.company.quiet_minutes,
        )


MODELS: dict[str, type[Strict]] = {
    name: field.annotation
    for name, field in Files.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Strict)
}
