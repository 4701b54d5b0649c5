"""A photo is asked for where it helps, waited for never, thanked for always, and cited when a person takes over."""

from recovery.words import DialogueAct, EvidenceKind, Trigger
from tests.recovery.builders import DAMAGED, LATE, Conversation, broken, handed_over, history, order, responses

REPORT = DialogueAct.REPORT_PROBLEM
PHOTO = {"act": DialogueAct.INFORM, "files": ("photo",), "wordless": True}
ASKED = {"act": DialogueAct.REQUEST_HUMAN, "triggers": (Trigger.HUMAN_REQUEST,)}


def damaged() -> Conversation:
    return Conversation(history(broken()))


def test_a_photo_is_asked_for_once_and_the_offer_does_not_wait_for_it() -> None:
    c = damaged()
    told = c.says("my vase came broken", REPORT, challenges=(DAMAGED,))
    assert told.step == "offer"
    assert "utter_ask_photo" in responses(told)
    assert "utter_ask_photo" not in responses(c.says("hm, what else is there?", DialogueAct.INFORM))


def test_where_a_photo_shows_nothing_none_is_asked_for() -> None:
    told = Conversation(history(order())).says("it is late", REPORT, challenges=(LATE,))
    assert "utter_ask_photo" not in responses(told)


def test_a_photo_alone_is_thanked_for_and_the_offer_stands() -> None:
    c = damaged()
    c.says("my vase came broken", REPORT, challenges=(DAMAGED,))
    told = c.says("[photo]", **PHOTO)
    assert responses(told)[0] == "utter_got_photo"
    assert told.says[-1].buttons
    assert c.problem.photos == (c.problem.photos[0],)


def test_a_photo_before_any_word_leads_to_the_question_what_is_wrong_and_counts_for_what_is_told_then() -> None:
    c = damaged()
    assert responses(c.says("[photo]", **PHOTO)) == ["utter_got_photo", "utter_what_about_it"]
    told = c.says("it came like this, broken", REPORT, challenges=(DAMAGED,))
    assert "utter_ask_photo" not in responses(told)
    assert told.inputs["photo"] is True


def test_a_photo_with_words_is_thanked_for_first() -> None:
    told = damaged().says("my vase came broken", REPORT, challenges=(DAMAGED,), files=("photo",))
    assert responses(told)[0] == "utter_got_photo"
    assert told.step == "offer"


def test_a_recording_and_a_place_are_thanked_for_as_what_they_are() -> None:
    c = damaged()
    assert (
        responses(c.says("[recording]", DialogueAct.INFORM, files=("audio",), wordless=True))[0]
        == "utter_got_recording"
    )
    assert responses(c.says("[file]", DialogueAct.INFORM, files=("file",), wordless=True))[0] == "utter_got_file"
    assert responses(c.says("[place: 1, 2]", DialogueAct.INFORM, wordless=True))[0] == "utter_got_something"


def test_whoever_takes_over_reads_that_there_is_a_photo_with_the_message_that_brought_it() -> None:
    c = damaged()
    c.says("my vase came broken", REPORT, challenges=(DAMAGED,))
    c.says("[photo]", **PHOTO)
    (photo,) = c.problem.photos
    over = handed_over(c.says("a person please", **ASKED))
    assert over is not None
    cited = [s for s in over.rationale.sentences if s.text == "The customer sent a photo."]
    assert [(e.kind, e.id) for s in cited for e in s.evidence] == [(EvidenceKind.MESSAGE, photo)]
