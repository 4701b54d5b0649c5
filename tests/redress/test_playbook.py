"""The playbook's files: what they must hold, and how a mistake in them is told."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from recovery.assessment import assess
from recovery.grounds import grounds_of
from recovery.heard import Heard
from recovery.policy import rule_on
from recovery.situation import Situation, Topic
from recovery.state import Problem, Recovery
from recovery.words import ChallengeType, DialogueAct, Fault, Remedy, Role, Severity
from redress.playbook import PlaybookBroken, load
from redress.playbook.checks import normal_case
from redress.playbook.facts import ESCALATION_FACTS, RAISE_FACTS, RULE_FACTS
from redress.playbook.schema import FOLDER, schemas

ROOT = Path(__file__).parents[2]
PLAYBOOK = load(ROOT / "playbook", ROOT / "data" / "responses")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

type Change = Callable[[str, str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the playbook with one text replaced by another in one file."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "playbook"
        shutil.copytree(ROOT / "playbook", folder, dirs_exist_ok=True)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}, so this test would test nothing"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def problems_in(folder: Path) -> tuple[str, ...]:
    with pytest.raises(PlaybookBroken) as broken:
        load(folder, ROOT / "data" / "responses")
    return broken.value.problems


def test_the_version_is_the_day_and_a_name_made_of_the_content() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d\.[0-9a-f]{8}", PLAYBOOK.version)


def test_the_same_files_have_the_same_version_and_other_files_another(changed: Change) -> None:
    assert load(ROOT / "playbook").version == PLAYBOOK.version
    other = load(changed("follow_ups.yml", "after_minutes: 60", "after_minutes: 90"))
    assert other.version != PLAYBOOK.version
    assert other.version[:11] == PLAYBOOK.version[:11]


def test_every_schema_is_the_one_that_the_models_make() -> None:
    made = schemas()
    assert made.keys() == {p.name for p in FOLDER.glob("*.json")}
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "run python -m redress.playbook.schema"


def test_every_file_names_its_schema_for_the_editor() -> None:
    files = list((ROOT / "playbook").glob("*.yml"))
    assert len(files) == len(schemas())
    for path in files:
        assert path.read_text(encoding="utf-8").startswith(
            f"# yaml-language-server: $schema=schema/{path.stem}.json\n"
        )


def test_conditions_may_ask_exactly_the_facts_that_a_decision_has() -> None:
    heard = Heard("m1", "it is late", NOW, DialogueAct.REPORT_PROBLEM)
    state = Recovery(problems=(Problem(ChallengeType.LATE_DELIVERY, "m1"),))
    situation = Situation(Topic.RECOVER, heard, state, None, PLAYBOOK, NOW)
    assessment = assess(state.problems[0], heard, None, PLAYBOOK, NOW)
    assert set(RULE_FACTS) == set(assessment.facts)
    assert set(RAISE_FACTS) == set(assessment.facts) - {"severity"}
    assert set(ESCALATION_FACTS) == set(grounds_of(situation, assessment, None))


def test_the_managers_page_explains_every_file_and_every_fact() -> None:
    page = (ROOT / "docs" / "playbook.md").read_text(encoding="utf-8")
    names = {f"{f.stem}.yml" for f in (ROOT / "playbook").glob("*.yml")} | set(RULE_FACTS) | set(ESCALATION_FACTS)
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("challenge", list(ChallengeType))
def test_the_bot_has_two_to_six_alternatives_for_every_normal_case(challenge: ChallengeType) -> None:
    for severity, fault in product(Severity, Fault):
        options = rule_on(normal_case(PLAYBOOK, challenge, severity, fault), (), Role.BOT, PLAYBOOK, NOW).options
        assert 2 <= len(options) <= 6, (severity, fault)


@pytest.mark.parametrize("challenge", list(ChallengeType))
def test_options_that_are_shown_together_can_be_told_apart_by_words(challenge: ChallengeType) -> None:
    for severity, fault in product(Severity, Fault):
        options = rule_on(normal_case(PLAYBOOK, challenge, severity, fault), (), Role.BOT, PLAYBOOK, NOW).options
        for one, other in zip(options[::2], options[1::2], strict=False):
            assert set(one.words) - set(other.words), (one.label, other.label)
            assert set(other.words) - set(one.words), (one.label, other.label)


def test_no_label_is_longer_than_a_button_with_real_money() -> None:
    for rule in PLAYBOOK.policy:
        for e in rule.entitlements:
            assert len(e.label.format(amount="£149.99")) <= 45, e.label


def test_a_carriers_fault_gets_more_than_a_customers() -> None:
    def best(fault: Fault) -> int:
        case = normal_case(PLAYBOOK, ChallengeType.LATE_DELIVERY, Severity.MODERATE, fault)
        options = rule_on(case, (), Role.BOT, PLAYBOOK, NOW).options
        return max(o.pence for o in options if o.remedy is not Remedy.REFUND)

    assert best(Fault.COMPANY) > best(Fault.CARRIER) > best(Fault.CUSTOMER) == 0


def test_a_gold_customer_and_a_repeat_failure_get_more_goodwill() -> None:
    def goodwill(**facts: bool | int | str) -> int:
        case = normal_case(PLAYBOOK, ChallengeType.LATE_DELIVERY, Severity.MODERATE, Fault.CARRIER, **facts)
        options = rule_on(case, (), Role.BOT, PLAYBOOK, NOW).options
        return next(o.pence for o in options if o.remedy is Remedy.PRIORITY_DELIVERY)

    assert goodwill() < goodwill(tier="silver") < goodwill(tier="gold") < goodwill(failed_recoveries=1)


def test_who_was_compensated_often_lately_gets_what_is_owed_and_no_goodwill() -> None:
    for challenge, severity in product(ChallengeType, Severity):
        case = normal_case(PLAYBOOK, challenge, severity, Fault.COMPANY, compensations_lately=3)
        ruling = rule_on(case, (), Role.BOT, PLAYBOOK, NOW)
        goodwill = {e.label for r in PLAYBOOK.policy for e in r.entitlements if e.goodwill and e.amount.fixed}
        assert ruling.options
        assert not {o.label for o in ruling.options} & goodwill


MISTAKES = [
    ("policy.yml", "recovery_policy:", "recovery_rules:", "`recovery_policy` is missing, add it"),
    ("policy.yml", "remedy: priority_delivery", "remedy: priority_delivry", "'priority_delivry' is not known"),
    ("policy.yml", "fault: [company, ", "falt: [company, ", "`falt` is no fact that a condition here can ask for"),
    ("policy.yml", "at_most: moderate", "at_most: middling", "'middling' does not fit here, write one of minor"),
    ("policy.yml", "compensations_lately: {at_least: 3}", "compensations_lately: few", "write a whole number"),
    ("policy.yml", "came_after_all: {at_least: 3}", "came: {at_least: 3}", "`came` is no fact"),
    (
        "policy.yml",
        "id: held.helped_often_lately",
        "id: held.signs_of_abuse",
        "the id held.signs_of_abuse is used twice",
    ),
    ("budgets.yml", "id: deliveries_of_the_day", "id: goodwill_of_the_month", "is used twice"),
    ("budgets.yml", "pence: 150000", "pence: 150", "is less than smallest_goodwill"),
    ("budgets.yml", "period: day", "period: fortnight", "'fortnight' is not known"),
    ("empowerment.yml", "voucher: 10000", "voucher: 1000", "agent may grant less than bot"),
    ("empowerment.yml", "per_day: 400000", "per_day: 40000", "senior may grant less than specialist"),
    ("policy.yml", "plus a voucher for {amount}", "plus a voucher for {sum}", "names {sum}, which is not known here"),
    ("policy.yml", "        goodwill: true\n", "        good_will: true\n", "`good_will` is not known here"),
    ("policy.yml", "label: Priority delivery at", "label: Priority delivery in the very next van, at", "shorten it"),
    ("policy.yml", "id: late.big", "id: late.small", "the id late.small is used twice"),
    ("policy.yml", "cause: [duplicate_charge", "cause: [double_charge", "double_charge is not in causes.yml"),
    ("policy.yml", "percent_of_order: 100", "percent_of_order: 120", "should be less than or equal to 100"),
    ("challenges.yml", "  late_delivery:\n", "  late_delivry:\n", "'late_delivry' is not known, write one of"),
    ("challenges.yml", "default_cause: unknown_delivery", "default_cause: gremlins", "gremlins is not in causes.yml"),
    ("challenges.yml", "default_cause: unknown_delivery", "default_cause: batch_fault", "does not explain"),
    ("challenges.yml", "when: {days_late: {at_least: 3}}", "when: {days_late: soon}", "write a whole number"),
    ("challenges.yml", "days_late: {at_least: 3}}, to: moderate", "days_late: {at_least: 3}}, to: minor", "no rise"),
    ("challenges.yml", "not_judged_by: [harm]", "not_judged_by: []", "late_delivery is not judged by harm"),
    ("challenges.yml", "by: time, when: {days", "by: luck, when: {days", "'luck' is not known"),
    ("challenges.yml", "{id: promised,", "{id: order,", "two details have the same id"),
    ("challenges.yml", ", entities: [date]}", "}", "could never be heard"),
    (
        "policy.yml",
        "severity: {at_least: major}}",
        "severity: {at_least: critical}}",
        "late.big never holds",
    ),
    ("policy.yml", "remedy: rebook_priority", "remedy: priority_delivery", "late.day never matters"),
    (
        "policy.yml",
        "when: {tier: gold}\n    percent_more: 40",
        "when: {tier: gold, fault: company}\n    percent_more: 10",
        "goodwill.gold never counts",
    ),
    (
        "escalation.yml",
        "challenge: staff_conduct, severity: {at_least: major}",
        "challenge: safety_incident, severity: {at_most: minor}",
        "R06 never fires",
    ),
    (
        "surveys.yml",
        "when: {challenge: [account_access, return_problem, cancellation_problem, subscription_problem]}",
        "when: {confirmed: true}",
        "after_something_grave_that_held is never reached",
    ),
    ("surveys.yml", "kind: nps", "kind: csi", "'csi' is not known"),
    ("surveys.yml", "utter_survey_nps", "utter_survey_npx", "there is no text utter_survey_npx"),
    ("loyalty.yml", "pence: 500", "pence: 0", "say {amount} in the gift"),
    ("loyalty.yml", "pence: 500", "pence: 20000", "is more than the bot may grant"),
    ("follow_ups.yml", "utter_check_back_money", "utter_check_back_mony", "there is no text utter_check_back_mony"),
    ("contingencies.yml", "cause: weather", "cause: snow", "the cause snow is not in causes.yml"),
    ("contingencies.yml", "cause: weather", "cause: batch_fault", "does not explain late_delivery"),
    ("causes.yml", "depot on {event_day}", "depot on {thing}", "names {thing}"),
    ("causes.yml", "depot on {event_day}", "depot on {event_day", "do not match"),
    ("causes.yml", "  weather:\n", "  strike:\n", "`strike` stands here a second time"),
    ("empowerment.yml", "per_grant: 30000", "per_grant: 3000", "agent may grant less than bot"),
    ("empowerment.yml", "  senior:", "  elder:", "'elder' is not known"),
    ("escalation.yml", "utter_hand_over_legal", "utter_hand_over_lawyer", "there is no text utter_hand_over_lawyer"),
    ("escalation.yml", "{media: true", "{media: very", "write true or false"),
    ("procedures.yml", "{fraud: true}", "{legal: true}", "no procedure begins when fraud is true"),
    (
        "procedures.yml",
        "utter_hand_over_security",
        "utter_hand_over_secret",
        "there is no text utter_hand_over_secret",
    ),
    ("procedures.yml", "id: data_leak", "id: injury_or_fire", "the id injury_or_fire is used twice"),
    ("procedures.yml", "pages: [conduct,", "pages: [police,", "the team police is not in teams.yml"),
    ("procedures.yml", "rule: R02", "rule: R04", "the id R04 is used twice"),
    ("procedures.yml", "{id: scope,", "{id: lock,", "two lines of the checklist have the same id"),
    ("escalation.yml", "{person_asked: true}", "{}", "at least 1 item"),
    ("follow_ups.yml", "  callback: {after_minutes: 1440}\n", "", "callback has no follow-up"),
    ("answers.yml", "id: returns\n", "id: refunds\n", "the id refunds is used twice"),
    ("company.yml", "currency: GBP", "currency: pounds", "'pounds' is not known"),
    ("company.yml", "changed: 2026-11-23", "changed: today", "should be a valid date"),
    ("company.yml", "name: Harbour", "name: [Harbour", "this is not YAML"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), MISTAKES, ids=[f"{m[0]} {m[2]}" for m in MISTAKES])
def test_a_mistake_is_told_in_one_sentence_with_its_place(
    changed: Change, file: str, old: str, new: str, told: str
) -> None:
    problems = problems_in(changed(file, old, new))
    about = [p for p in problems if told in p]
    assert about, problems
    assert len(problems) <= 2, problems
    for problem in problems:
        assert re.match(r"playbook/[a-z_]+\.yml, line \d+", problem), problem
        assert problem.endswith("."), problem
        assert "\n" not in problem


def test_the_line_told_is_the_line_of_the_mistake(changed: Change) -> None:
    folder = changed("policy.yml", "remedy: trace_parcel", "remedy: crystal_ball")
    lines = (folder / "policy.yml").read_text(encoding="utf-8").splitlines()
    line = next(i for i, text in enumerate(lines, 1) if "crystal_ball" in text)
    assert problems_in(folder)[0].startswith(f"playbook/policy.yml, line {line} ")


def test_all_mistakes_are_told_at_once(changed: Change) -> None:
    folder = changed("policy.yml", "remedy: priority_delivery", "remedy: pigeon_post")
    (folder / "company.yml").write_text("name: Harbour & Pine\n", encoding="utf-8")
    problems = problems_in(folder)
    assert any("pigeon_post" in p for p in problems)
    assert any("`currency` is missing" in p for p in problems)


def test_a_missing_or_empty_file_is_told(changed: Change) -> None:
    folder = changed("answers.yml", "answers:", "answers:")
    (folder / "answers.yml").unlink()
    (folder / "follow_ups.yml").write_text("# nothing\n", encoding="utf-8")
    assert set(problems_in(folder)) == {
        "playbook/answers.yml is missing: put the file back.",
        "playbook/follow_ups.yml is empty: put its content back.",
    }


def test_a_rule_less_challenge_is_told(changed: Change) -> None:
    folder = changed(
        "policy.yml",
        "challenges: [account_access]\n    when: {contingency: [none,",
        "challenges: [staff_conduct]\n    when: {contingency: [none,",
    )
    assert any("account_access" in p and "leaves the bot nothing to offer" in p for p in problems_in(folder))


def test_a_contingency_that_leaves_nothing_to_offer_is_told(changed: Change) -> None:
    without = "when: {fault: customer, tier: gold}"
    folder = changed("policy.yml", "when: {fault: customer, contingency: recall}", without)
    assert any("while recall runs leaves the bot nothing to offer" in p for p in problems_in(folder))


def test_off_and_no_are_words_in_a_playbook_and_not_yes_or_no(changed: Change) -> None:
    playbook = load(changed("answers.yml", "words: [pause,", "words: [off, no, pause,"))
    pausing = next(a for a in playbook.answers if a.id == "pausing_plans")
    assert pausing.words[:2] == ("off", "no")
