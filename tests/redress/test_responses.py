"""Every word the bot says: it exists, it is used, it can be filled, it is easy to read, and it is said with care."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from statistics import mean

import pytest

from recovery import languages
from recovery.words import ChallengeType
from redress.playbook import load_checked
from redress.playbook.reading import grade, words
from redress.playbook.responses import Responses, Tone, Wording, fields_of
from redress.wiring import wording

ROOT = Path(__file__).parents[2]
PLAYBOOK, RESPONSES = load_checked(ROOT)
WORDINGS = [(name, w) for name, ws in RESPONSES.wordings.items() for w in ws]
TONES: tuple[Tone, ...] = ("calm", "upset", "furious")

ORDER = {"order": "10482", "item": "Burr coffee grinder", "promised": "16 Nov", "late": "5 days"}
PROBLEM = {
    **ORDER,
    "problem": "late delivery",
    "name": "Priya",
    "courier": "Northway",
    "region": "North West",
    "prevention": "We check late parcels each morning now.",
    "earlier": "3 Oct",
    "contacts": "3 Oct and 12 Nov",
    "time": "third",
    "promised_call": "12 Nov",
    "tried": "repair visit",
    "event_day": "17 Nov",
    "since": "18 Nov",
    "company": "Harbour & Pine",
    "cause": "A strike has held up your parcel at the depot.",
}
PROMISE = {"promise": "a £10 voucher, in your account within the hour"}
OWED = {"owed": "£329", "by": "tomorrow at 11:00"}
OPTIONS = {"options": "1. Priority delivery\n2. A full refund"}
NEWS = {
    "news": "Northway drivers are on strike, so parcels stand still.",
    "until": "25 Nov",
    "doing": "We use another courier where we can.",
    "product": "cordless vacuum cleaner",
}
RECALL = {"title": "product recall", "names": "Cordless vacuum cleaner", "yours": "your air fryer"}
NAME = {"name": "Priya"}
FACTS: dict[str, dict[str, str]] = {  # what `recovery` gives to each response; the names may end in *
    "utter_listen*": PROBLEM,
    "utter_apologise_*": PROBLEM,
    "utter_own_broken_promise": PROBLEM,
    "utter_own_failed_remedy": PROBLEM,
    "utter_own_promised_call": PROBLEM,
    "utter_see_deadline": PROBLEM,
    "utter_noted_deadline": {"by": "friday"},
    "utter_welcome_back": {
        "name": "Priya",
        "problem": "late delivery",
        "contacts": "3 Oct and 12 Nov",
        "time": "third",
    },
    "utter_thank*": PROBLEM,
    "utter_explain": PROBLEM,
    "utter_explain_unknown": PROBLEM,
    "utter_explain_shown_in_time": PROBLEM,
    "utter_came_in_time": {**PROBLEM, "came": "15 Nov"},
    "utter_not_due_yet": PROBLEM,
    "utter_is_it_this": PROBLEM,
    "utter_explain_contingency": PROBLEM,
    "utter_explain_incident": {**PROBLEM, "incident": "Northway drivers are on strike until 25 Nov."},
    "utter_hand_over_*": PROBLEM,
    "utter_owed_*": OWED,
    "utter_usually": {**PROBLEM, "usually": "We can usually give the money back."},
    "utter_ask_to_sign_in": PROBLEM,
    "utter_ask_what_happened*": NAME,
    "utter_ask_which_order": NAME,
    "utter_ask_which_thing": NAME,
    "utter_ask_which_missing": NAME,
    "utter_ask_which_wrong": NAME,
    "utter_ask_order_number": NAME,
    "utter_order_not_found": NAME,
    "utter_acknowledge": NAME,
    "utter_offer": {**PROBLEM, **OPTIONS},
    "utter_offer_*": OPTIONS,
    "utter_noted_offer*": OPTIONS,
    "utter_confirm": {**PROMISE, "option": "Priority delivery"},
    "utter_confirm_about": {"about": "copper kettle"},
    "utter_booked": {**PROMISE, "prevention": PROBLEM["prevention"]},
    "utter_booked_by_agent": {**PROMISE, "reference": "HP-10002"},
    "utter_booked_already": {**PROMISE, "case": "311"},
    "utter_ask_to_swap": {**PROMISE, "instead": "a full refund"},
    "utter_ask_to_undo": PROMISE,
    "utter_kept": PROMISE,
    "utter_status_next": {"item": "air fryer"},
    "utter_noted_condition": {"condition": "only if it comes before Friday"},
    "utter_condition_*": {"condition": "before Friday", **PROMISE},
    "utter_noted_other": {"problem": "damaged item"},
    "utter_goes_with_it": {"problem": "damaged item"},
    "utter_ask_what_is_wrong": {"item": "air fryer"},
    "utter_swapped": PROMISE,
    "utter_undone*": {**PROMISE, **OPTIONS},
    "utter_too_late_to_change": PROMISE,
    "utter_answer_tier": {"tier": "gold"},
    "utter_answer_return_*": {"item": "air fryer", "day": "3 Nov", "until": "3 Dec"},
    "utter_answer_covered_*": {"item": "air fryer", "day": "3 Nov", "until": "3 Nov"},
    "utter_answer_offers_tier": {"tier": "gold"},
    "utter_status_refunded": {**ORDER, "day": "17 Nov"},
    "utter_will_check_back": {"after": "in 3 days"},
    "utter_check_back*": PROMISE,
    "utter_loyalty_*": {"gift": "free delivery for three months"},
    "utter_contingency": NEWS,
    "utter_contingency_asked": NEWS,
    "utter_contingency_elsewhere": RECALL,
    "utter_no_contingency": RECALL,
    "utter_status_held_up": {**ORDER, "until": "25 Nov"},
    "utter_own_mishearing": {"problems": "the damaged item and the missing item"},
    "utter_not_that_sum": {"sum": "£50"},
    "utter_advice": {"option": "Priority delivery"},
    "utter_how_long*": OPTIONS,
    "utter_promises*": OPTIONS,
    "utter_greet_in_hand": {"name": " Priya"},
    "utter_status_booked": PROMISE,
    "utter_status_in_hand": {"problem": "late delivery", "case": "311"},
    "utter_status_case": {"problem": "late delivery", "case": "311", "since": "3 Oct"},
    "utter_status_decided": {
        "problem": "late delivery",
        "case": "311",
        "since": "3 Oct",
        "day": "5 Oct",
        "option": "A £10 voucher",
    },
    "utter_person_has_it": {"problem": "late delivery", "case": "311", "since": "3 Oct"},
    "utter_status_delivered": {**ORDER, "day": "17 Nov"},
    "utter_status_overdue": {**ORDER, "courier": "Northway", "day": "17 Nov"},
    "utter_status_lost": {**ORDER, "courier": "Northway", "day": "17 Nov"},
    "utter_status_on_its_way": {**ORDER, "courier": "Northway"},
    "utter_status_*": ORDER,
    "utter_answer": {"answer": "You can send most things back within 30 days."},
    "utter_greet": {"name": " Priya", "company": "Harbour & Pine"},
    "utter_goodbye*": {"name": " Priya", "company": "Harbour & Pine"},
    "utter_you_are_welcome": {"name": " Priya", "company": "Harbour & Pine"},
    "utter_agent_joined": {"agent": "Sam"},
    "utter_queue_position": {"position": "3", "wait": "about 10 minutes"},
    "utter_case_waits*": {
        "team": "payments",
        "problems": "the late delivery on order 10482 and the billing error",
        "booked": "priority delivery at no cost",
    },
    "utter_passed_to_team": {"team": "payments"},
    "utter_passed_to_agent": {"agent": "Sam"},
    "utter_agent_gone": {"agent": "Sam"},
    "utter_closed": {"opens": "tomorrow at 08:00"},
    "utter_closed_meanwhile": {"opens": "tomorrow at 08:00"},
    "utter_closed_holiday": {"opens": "on Monday at 08:00", "holiday": "Christmas Day"},
    "utter_agent_away": {"agent": "Sam"},
    "utter_agent_away_closed": {"agent": "Sam", "opens": "tomorrow at 08:00"},
    "utter_chat_welcome": {"company": "Harbour & Pine", "codes": "mailed"},
    "utter_chat_help": {"codes": "mailed"},
    "utter_chat_link_refused": {"company": "Harbour & Pine"},
    "utter_chat_unlinked": {"company": "Harbour & Pine"},
    "utter_chat_linked": NAME,
    "utter_ask_for_email": PROBLEM,
    "utter_code_right": NAME,
    "utter_code_mail_subject": {"company": "Harbour & Pine"},
    "utter_code_mail": {"company": "Harbour & Pine", "code": "402913"},
    "utter_file_not_kept": {"why": "Send a smaller one."},
}
# Facts that are never the empty string where they are given at all.
ALWAYS = {
    "condition",
    "title",
    "options",
    "option",
    "answer",
    "usually",
    "cause",
    "incident",
    "problem",
    "company",
    "after",
    "day",
}
ALWAYS |= {"agent", "position", "team", "promise", "instead", "reference"}
ALWAYS |= {"opens", "holiday", "owed"}
ALWAYS |= {"why", "code", "condition", "title", "problems", "sum"}
ALWAYS |= {"news", "doing", "gift"}
# And those that are never empty in some responses only.
KNOWN_IN = {
    "utter_case_waits": {"problems", "team"},
    "utter_case_waits_booked": {"problems", "booked", "team"},
    "utter_case_waits_untold": {"team"},
    "utter_came_in_time": {"item", "promised", "came"},
    "utter_not_due_yet": {"item", "promised"},
    "utter_status_case": {"since", "case"},
    "utter_status_decided": {"since", "case", "day", "option"},
    "utter_person_has_it": {"since", "case"},
    "utter_greet": {"name"},  # with its leading space, or nothing: it reads well either way
    "utter_you_are_welcome": {"name"},
    "utter_goodbye": {"name"},
    "utter_greet_in_hand": {"name"},
    "utter_goodbye_unsolved": {"name"},
    "utter_confirm": {"promise"},
    "utter_confirm_about": {"about"},
    "utter_answer_return_until": {"item", "until"},
    "utter_answer_covered_until": {"item", "until"},
    "utter_answer_covered_over": {"item", "until"},
    "utter_answer_offers_tier": {"tier"},
    "utter_status_held_up": {"until"},
    "utter_ask_what_is_wrong": {"item"},
    "utter_answer_return_over": {"item", "until"},
    "utter_booked": {"promise"},
}
FOREIGN = "responses/languages.yml"
DESK = {"engine_down", "agent_joined", "returned_to_bot", "agent_resolved", "too_long"}
TWO_FORMS = re.compile(r"utter_(?:offer|offer_next_best|offer_which|offer_back|offer_still|noted_offer|undone)")
RECURRING = re.compile(
    r"utter_(?:offer|noted_offer|rephrase|thank|confirm|booked|listen|greet|you_are|status_)(?!.*_(?:again|details)$)"
)
STOCK = re.compile(
    r"unfortunately|inconvenience|understand your frustration|valued customer|we apologi[sz]e|bear with|rest assured"
    r"|as per|policy|regret to|at this time|kindly|!|—|\s-\s|your fault|you failed|as i (?:said|told)"
    r"|you should have (?:told|checked|read|said|asked|known)",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(?:(?:col|fav|hon|lab|neighb|behavi|harb)or\w*|centers?|gr[ae]y(?<=gray)|(?:cancel|travel|label)(?:ed|ing)"
    r"|catalogs?|gotten|moms?|zip codes?|\w{3,}(?:iz|yz)(?:e[ds]?|ing|ations?))\b",
    re.IGNORECASE,
)
AGE_OF_ELEVEN = 6  # the Flesch-Kincaid grade of that age (redress/playbook/reading.py)
EMOJI = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")


def facts_of(name: str) -> dict[str, str]:
    """The facts of a response: of its own entry, or of the longest pattern that fits."""
    fitting = [p for p in FACTS if p == name or (p.endswith("*") and name.startswith(p[:-1]))]
    return FACTS[max(fitting, key=lambda p: (not p.endswith("*"), len(p)))] if fitting else {}


def may_be_empty(name: str) -> set[str]:
    """The facts that may be unknown, so that a wording which uses them has to say so."""
    known = ALWAYS | KNOWN_IN.get(name, set())
    if name.startswith("utter_status_"):
        known = known | {"item"}
    return set(facts_of(name)) - known


def spoken(name: str, wording: Wording) -> str:
    """A wording as a customer reads it."""
    return wording.text.format(**facts_of(name))


def named_in_code() -> set[str]:
    """Every response that a room's code names, and those named by pattern."""
    rooms = ("recovery", "casework", "actions", "desk", "store", "redress")
    found: set[str] = set()
    for path in (p for room in rooms for p in (ROOT / room).rglob("*.py")):
        found |= set(re.findall(r"[\"'](utter_[a-z_]*[a-z])[\"']", path.read_text(encoding="utf-8")))
    found |= {f"{name}_one" for name in found if TWO_FORMS.fullmatch(name)}
    found |= {f"utter_apologise_{challenge}" for challenge in ChallengeType}
    found |= {
        f"utter_{what}_{code}"
        for what in ("other_language", "person_comes", "title_person")
        for code in languages.WORDS
    }
    found |= {rule.ask for rule in (*PLAYBOOK.surveys.rules, *PLAYBOOK.follow_ups.values())}
    return found | {rule.response for rule in PLAYBOOK.escalation}


def test_every_response_that_code_names_exists() -> None:
    named = named_in_code()
    assert len(named) > 80, "the search for names in code finds too little"
    assert named - set(RESPONSES.wordings) == set()


def test_every_response_that_exists_is_used() -> None:
    assert set(RESPONSES.wordings) - named_in_code() - {f"utter_{name}" for name in DESK} == set()


def test_no_button_has_its_words_in_code() -> None:
    rooms = ("recovery", "casework", "actions", "desk", "store")
    code = {path: path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")}
    written = re.compile(r"\bButton\([\"'](?!utter_title_)")
    assert [(p.name, m[0]) for p, text in code.items() for m in written.finditer(text)] == []


def test_a_buttons_words_are_few() -> None:
    assert [w.id for n, w in WORDINGS if n.startswith("utter_title_") and len(w.text) > 40] == []


@pytest.mark.parametrize("name", ["utter_chat_welcome", "utter_chat_help"])
def test_a_code_is_promised_only_where_one_can_be_mailed(name: str) -> None:
    phrases = wording()
    assert "code" in phrases.plain(name, company="Harbour & Pine", codes="mailed")
    assert "code" not in phrases.plain(name, company="Harbour & Pine", codes="")


def test_ids_are_unique_and_tell_the_response() -> None:
    ids = Counter(w.id for _, w in WORDINGS)
    assert [i for i, n in ids.items() if n > 1] == []
    assert [w.id for name, w in WORDINGS if not w.id.startswith(name.removeprefix("utter_") + ".")] == []


@pytest.mark.parametrize("name", sorted(RESPONSES.wordings))
def test_a_text_names_only_facts_that_its_response_is_given(name: str) -> None:
    for w in RESPONSES.wordings[name]:
        assert fields_of(w.text) <= set(facts_of(name)), w.id
        assert set(w.metadata.needs) <= set(facts_of(name)), w.id


@pytest.mark.parametrize("name", sorted(RESPONSES.wordings))
def test_a_fact_that_may_be_unknown_is_declared_by_the_wording_that_uses_it(name: str) -> None:
    for w in RESPONSES.wordings[name]:
        needed = set(w.metadata.needs) | ({"item"} if "order" in w.metadata.needs else set())
        assert fields_of(w.text) & may_be_empty(name) <= needed, w.id


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("name", sorted(RESPONSES.wordings))
def test_every_response_can_be_said_in_every_mood_without_knowing_anything(name: str, tone: Tone) -> None:
    assert any(w.fits(tone) and not w.metadata.needs for w in RESPONSES.wordings[name])


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("challenge", list(ChallengeType))
def test_there_are_two_apologies_for_every_challenge_in_every_mood(challenge: ChallengeType, tone: Tone) -> None:
    assert sum(w.fits(tone) for w in RESPONSES.wordings[f"utter_apologise_{challenge}"]) >= 2


def test_what_can_recur_has_three_wordings_for_a_calm_customer_and_so_for_everybody() -> None:
    """Who is upset hears a milder wording before the same again (casework/wording.py)."""
    recurring = [n for n in RESPONSES.wordings if RECURRING.match(n)]
    assert len(recurring) > 20
    assert [n for n in recurring if sum(w.fits("calm") for w in RESPONSES.wordings[n]) < 3] == []


def told_to_customers() -> list[tuple[str, str]]:
    """Every text that a customer may read, of the responses and of the playbook, with where it stands."""
    texts = [(w.id, w.text) for _, w in WORDINGS]
    texts += [(f"answer {a.id}", a.text) for a in PLAYBOOK.answers]
    texts += [(f"cause {c.id}", c.told) for c in PLAYBOOK.causes.values()]
    texts += [(f"{c.challenge}", f"{c.prevention} {c.usually}") for c in PLAYBOOK.challenges.values()]
    return texts + [(e.label, f"{e.label} {e.promise}") for r in PLAYBOOK.policy for e in r.entitlements]


def test_no_stock_phrase_no_blame_no_shouting() -> None:
    assert [(i, m[0]) for i, t in told_to_customers() if (m := STOCK.search(t) or EMOJI.search(t))] == []


def test_what_customers_read_is_spelt_as_in_britain() -> None:
    assert [(i, m[0]) for i, t in told_to_customers() if (m := AMERICAN.search(t))] == []


@pytest.mark.parametrize(
    "american", ["apologize", "your favorite color", "canceled", "a gray one", "my mom", "analyzed"]
)
def test_american_spelling_is_seen(american: str) -> None:
    assert AMERICAN.search(american)


def test_every_apology_says_sorry_and_speaks_of_you() -> None:
    apologies = [(n, w) for n, w in WORDINGS if n.startswith("utter_apologise_")]
    assert [w.id for _, w in apologies if "sorry" not in w.text or not re.search(r"\byour?\b", w.text.lower())] == []


def test_no_two_wordings_are_nearly_the_same() -> None:
    bags = [(w.id, n, frozenset(x.lower() for x in words(re.sub(r"{\w+}", "", w.text)))) for n, w in WORDINGS]
    close = []
    for (i, n, a), (j, m, b) in combinations(bags, 2):
        most = 0.6 if n == m else 0.8
        if len(a | b) > 4 and len(a & b) / len(a | b) > most and not m.startswith(f"{n}_one"):
            close.append((i, j))
    assert close == []


def test_no_text_is_there_twice_in_one_response() -> None:
    assert [n for n, ws in RESPONSES.wordings.items() if len({w.text for w in ws}) < len(ws)] == []


@pytest.mark.parametrize("file", sorted(set(RESPONSES.file_of.values()) - {FOREIGN}))
def test_a_file_reads_easily_at_the_age_of_eleven(file: str) -> None:
    grades = [grade(spoken(n, w)) for n, w in WORDINGS if RESPONSES.file_of[n] == file]
    assert mean(grades) <= 4
    assert sum(g <= AGE_OF_ELEVEN for g in grades) >= 0.85 * len(grades)


def test_no_single_text_is_hard_to_read() -> None:
    english = [(n, w) for n, w in WORDINGS if RESPONSES.file_of[n] != FOREIGN]
    hard = [(w.id, round(grade(spoken(n, w)), 1)) for n, w in english if grade(spoken(n, w)) > 9.5]
    assert hard == []


def test_what_the_playbook_tells_customers_reads_as_easily() -> None:
    causes = [c.told.format(**PROBLEM) for c in PLAYBOOK.causes.values()]
    rules = [t for c in PLAYBOOK.challenges.values() for t in (c.prevention, c.usually)]
    answers = [a.text for a in PLAYBOOK.answers]
    entitled = [e for rule in PLAYBOOK.policy for e in rule.entitlements]
    promises = [e.promise.format(amount="£45") for e in entitled]
    for texts in (causes, rules, answers, promises):
        assert [(t, round(grade(t), 1)) for t in texts if grade(t) > 9.5] == []
        assert mean(map(grade, texts)) <= AGE_OF_ELEVEN


@pytest.mark.parametrize("tone", TONES)
def test_the_opening_message_is_brief(tone: Tone) -> None:
    longest = {
        part: max(len(words(spoken(n, w))) for n, w in WORDINGS if re.match(f"utter_{part}", n) and w.fits(tone))
        for part in (
            "listen(?!_before)",
            "listen_before",
            "apologise",
            "thank(?!s)",
            "own_(?:broken|failed|promised)",
            "see_deadline",
        )
    }
    assert longest["listen(?!_before)"] + longest["apologise"] + longest["thank(?!s)"] <= 45, longest
    assert longest["listen_before"] <= 20, longest  # the dates take a few words
    assert max(longest["own_(?:broken|failed|promised)"], longest["see_deadline"]) <= 20, longest


def test_a_furious_customer_gets_shorter_texts_and_fewer_questions() -> None:
    def of(tone: Tone) -> list[str]:
        return [spoken(n, w) for n, w in WORDINGS if w.metadata.tone == tone]

    def length(texts: list[str]) -> float:
        return mean(len(words(t)) for t in texts)

    def questions(texts: list[str]) -> float:
        return sum("?" in t for t in texts) / len(texts)

    assert length(of("furious")) < 0.85 * length(of("calm"))
    assert questions(of("furious")) < 0.6 * questions(of("calm"))


def hand_overs(responses: Responses) -> list[Wording]:
    return [w for n, ws in responses.wordings.items() if n.startswith("utter_hand_over_") for w in ws]


def test_a_hand_over_says_who_comes_and_that_nothing_need_be_repeated() -> None:
    who = re.compile(r"person|people|manager|team", re.IGNORECASE)
    known = re.compile(
        r"\b(?:see|sees|read|reads|have|has|know|knows|before them|in front of them)\b|with (?:all|the|every)"
    )
    assert [w.id for w in hand_overs(RESPONSES) if not (who.search(w.text) and known.search(w.text))] == []


def test_a_hand_over_for_safety_says_first_what_to_do_now() -> None:
    for w in RESPONSES.wordings["utter_hand_over_safety"]:
        told = re.search(r"stop using|don't use|keep away", w.text, re.IGNORECASE)
        team = w.text.index("afety team")
        assert "999" in w.text, w.id
        assert told, w.id
        assert told.start() < team, w.id


def test_every_escalation_rule_has_a_text_and_every_hand_over_text_a_rule() -> None:
    ruled = {r.response for r in PLAYBOOK.escalation}
    assert ruled == {n for n in RESPONSES.wordings if n.startswith("utter_hand_over_")}
