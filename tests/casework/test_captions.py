"""The captions of an album: one is corrected, and every other stays as it was."""

from hypothesis import given
from hypothesis import strategies as st

from casework.captions import CAPTIONS, laid_out, recaptioned

WORDS = st.text(alphabet="ab \n\r", min_size=1).map(str.strip).filter(bool)
ALBUMS = st.dictionaries(st.integers(1, 99).map(str), WORDS, min_size=1, max_size=4)


def stored(captions: dict[str, str]) -> str:
    return "\n".join(captions.values()).replace("\r\n", "\n").replace("\r", "\n")


@given(ALBUMS, st.integers(1, 99).map(str), WORDS, st.data())
def test_one_caption_is_replaced_or_added_and_the_others_stay(
    captions: dict[str, str], whose: str, new: str, data: st.DataObject
) -> None:
    text, layout = stored(captions), laid_out(tuple(captions.items()))
    for number in (whose, data.draw(st.sampled_from(sorted(captions))), whose):
        text, changed = recaptioned(text, {CAPTIONS: layout}, number, stored({"": new}))
        assert changed is not None
        captions, layout = captions | {number: new}, changed
        assert text == stored(captions)


@given(WORDS, WORDS)
def test_a_message_that_is_no_album_says_the_new_text_alone(text: str, new: str) -> None:
    assert recaptioned(text, {}, "5", new) == (new, None)


def test_our_words_for_an_album_without_any_are_no_caption() -> None:
    meta = {CAPTIONS: [], "wordless": True}
    assert recaptioned("Two photos", meta, "5", "the lamp\nis broken") == ("the lamp\nis broken", [["5", 2]])


def test_lines_that_are_not_as_they_were_laid_out_are_nobodys() -> None:
    assert recaptioned("one\ntwo", {CAPTIONS: [["5", 1]]}, "5", "new") == ("new", None)
