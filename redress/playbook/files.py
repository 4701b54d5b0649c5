"""A playbook's files together, and the values that they stand for."""

from pydantic import (
    BaseModel,
)

from recovery import playbook as values
from redress.playbook.aftercare_files import AnswersFile, FollowUpsFile, LoyaltyFile, SurveysFile
from redress.playbook.challenge_files import CausesFile, ChallengesFile, CompanyFile
from redress.playbook.escalation_files import ContingenciesFile, EscalationFile, ProceduresFile
from redress.playbook.policy_files import BudgetsFile, EmpowermentFile, PolicyFile
from redress.playbook.staffing import CalendarFile, PagingFile, SlaFile, TeamsFile, staffing
from redress.playbook.strict import Strict


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
            guarantee_days=self.company.guarantee_days,
            quiet_minutes=self.company.quiet_minutes,
        )


MODELS: dict[str, type[Strict]] = {
    name: field.annotation
    for name, field in Files.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Strict)
}
