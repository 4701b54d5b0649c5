"""What must be true of any update, any text, any file and any link."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.deep_links import LASTS, IdTooLong, read, sign
from casework.identity import IdentityRefused
from casework.ports import Author, Button, Message, Status
from casework.sniffing import MOST_BYTES, SHOWN_IN_PLACE, FileRefused, safe_name, sniff
from desk.telegram.composing import LONGEST, LONGEST_DATA, parts_of, read_button_data, split, units
from desk.telegram.pacing import Pace
from desk.telegram.updates import Nothing, by_chat, gathered, id_of
from desk.telegram.updates import read as read_update

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "a-secret-for-tests-only-0123456789abcdef"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
GOOD: dict[str, Any] = {
    "message_id": 5,
    "date": 1,
    "text": "hello",
    "from": {"id": 7, "is_bot": False, "first_name": "Robin"},
    "chat": {"id": 7, "type": "private"},
}
PARTS = ("photo", "voice", "sticker", "location", "contact", "document", "reply_to_message", "media_group_id", *GOOD)


@st.composite
def almost_updates(draw: st.DrawFn) -> dict[str, Any]:
    """An update as Telegram sends it, with anything at all in some of its places."""
    message = dict(GOOD)
    for name in draw(st.lists(st.sampled_from(PARTS), max_size=3)):
        message[name] = draw(JSON)
    kind = draw(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]))
    inside = {"id": "1", "from": GOOD["from"], "chat_instance": "1", "data": draw(JSON), "message": message}
    return {"update_id": draw(JSON), kind: inside if kind == "callback_query" else message}


@given(JSON | almost_updates())
def test_nothing_that_an_update_contains_raises(raw: Any) -> None:
    assert read_update(raw) is not None
    assert id_of(raw) is None or isinstance(id_of(raw), int)


def test_an_ordinary_update_is_read() -> None:
    """The property above would hold of a reader that reads nothing."""
    assert not isinstance(read_update({"update_id": 1, "message": GOOD}), Nothing)


@given(st.lists(almost_updates(), max_size=6))
def test_gathering_albums_loses_no_message(raws: list[Any]) -> None:
    meanings = [read_update(raw) for raw in raws]
    files = [file for one in meanings for file in getattr(one, "files", ())]
    assert [file for one in gathered(meanings) for file in getattr(one, "files", ())] == files


@given(st.lists(almost_updates(), max_size=6))
def test_parting_chats_loses_nothing_and_keeps_the_order_of_each(raws: list[Any]) -> None:
    meanings = [one for one in map(read_update, raws) if not isinstance(one, Nothing)]
    parted = by_chat(meanings)
    assert sum(map(len, parted)) == len(meanings)
    for chat in parted:
        assert chat == [one for one in meanings if one.chat == chat[0].chat]


@given(st.text(alphabet=st.sampled_from("ab .!?\n😀é\u0301\u200d👩"), max_size=400), st.integers(8, 60))
def test_a_text_is_split_without_losing_a_letter_or_exceeding_the_limit(text: str, most: int) -> None:
    parts = split(text, most)
    assert "".join("".join(part.split()) for part in parts) == "".join(text.split())
    assert all(part.strip() == part and part for part in parts)
    assert all(units(part) <= most for part in parts)


def test_a_text_is_cut_where_a_reader_would_pause() -> None:
    assert split("One two. Three four.\n\nFive six seven.", 28) == ["One two. Three four.", "Five six seven."]
    assert split("One two three. Four five six.", 20) == ["One two three.", "Four five six."]


@given(st.text(min_size=1, max_size=60), st.text(max_size=30), st.sampled_from(Author))
def test_whatever_a_text_contains_is_sent_as_it_stands(text: str, name: str, author: Author) -> None:
    said = Message("m1", "c1", 1, author, name, text, Status.READY, NOW)
    parts = parts_of(said)
    shown = "".join(part.text for part in parts)
    assert text.strip() in shown
    for part in parts:
        assert part.text.encode("utf-16-le", "surrogatepass")[: 2 * part.bold].decode("utf-16-le") in (
            "",
            name.strip(),
        )


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=8), st.uuids())
def test_a_button_carries_little_and_is_found_again(titles: list[str], own_id: uuid.UUID) -> None:
    buttons = tuple(Button(title, "/payload" * 40) for title in titles)
    said = Message(own_id.hex, "c1", 1, Author.BOT, "", "Which?", Status.READY, NOW, buttons)
    for index, (title, data) in enumerate(parts_of(said)[-1].buttons):
        assert len(data.encode()) <= LONGEST_DATA
        assert read_button_data(data) == (own_id.hex, index)
        assert title == titles[index]


@given(st.text(max_size=80))
def test_any_button_data_is_read_or_refused(data: str) -> None:
    found = read_button_data(data)
    assert found is None or found[1] >= 0


@given(st.text(min_size=1, max_size=28).filter(lambda s: 0 < len(s.encode("utf-8", "ignore")) <= 28))
def test_a_deep_link_says_who_for_a_while_and_fits_into_a_start_command(customer_id: str) -> None:
    try:
        token = sign(SECRET, customer_id, NOW)
    except (IdTooLong, UnicodeEncodeError):
        return
    assert len(token) <= 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert read(SECRET, token, NOW).customer_id == customer_id
    assert sign(SECRET, customer_id, NOW) != token
    for secret, moment in ((SECRET + "x", NOW), (SECRET, NOW + LASTS + timedelta(seconds=1))):
        with pytest.raises(IdentityRefused):
            read(secret, token, moment)


def test_a_deep_link_holds_a_uuid_and_refuses_what_does_not_fit() -> None:
    own_id = str(uuid.UUID(int=2**127))
    assert read(SECRET, sign(SECRET, own_id, NOW), NOW).customer_id == own_id
    with pytest.raises(IdTooLong):
        sign(SECRET, "x" * 29, NOW)


@given(st.text(max_size=70) | st.binary(max_size=48).map(lambda b: b.hex()))
def test_a_forged_deep_link_proves_nothing(token: str) -> None:
    with pytest.raises(IdentityRefused):
        read(SECRET, token, NOW)


@given(st.binary(max_size=200), st.text(max_size=100))
def test_a_file_is_of_a_kind_that_we_know_or_refused_and_its_name_is_harmless(content: bytes, name: str) -> None:
    try:
        sniffed = sniff(content)
    except FileRefused:
        return
    assert sniffed.kind in ("photo", "audio", "video", "file")
    safe = safe_name(name, sniffed)
    assert safe.endswith(f".{sniffed.ending}")
    assert len(safe) < 100
    assert not set(safe) & set("/\\<>\"'\n\r\0")


@pytest.mark.parametrize(
    "content", [b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml version='1.0'?>"]
)
def test_what_a_browser_could_run_is_never_shown_in_place(content: bytes) -> None:
    assert sniff(content).media_type not in SHOWN_IN_PLACE


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif"])
def test_a_photo_that_we_cannot_rid_of_where_it_was_taken_is_asked_for_as_a_jpeg(brand: bytes) -> None:
    with pytest.raises(FileRefused, match="as a JPEG"):
        sniff(b"\x00\x00\x00\x18ftyp" + brand + bytes(40))
    assert sniff(b"\x00\x00\x00\x18ftypisom" + bytes(40)).kind == "video"


def test_a_file_has_a_largest_size() -> None:
    with pytest.raises(FileRefused, match="larger than 20 MB"):
        sniff(b"\xff\xd8\xff" + bytes(MOST_BYTES))


def test_sending_keeps_to_the_pace_of_a_chat_and_of_all() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])

    def sent(chat: str, seconds: float) -> int:
        """How many messages go to a chat in so many seconds."""
        count, end = 0, now[0] + seconds
        while True:
            wait = pace.wait_s(chat)
            if wait == 0:
                count += 1
            elif now[0] + wait > end:
                return count
            else:
                now[0] += wait

    assert sent("a", 10) == 14  # a burst of four, then one a second
    pace.hold("a", 30)
    assert pace.wait_s("a") > 29
    assert pace.wait_s("b") == 0
    pace.hold("b", 20)  # two at once: it means everybody
    assert pace.wait_s("c") > 19


def test_all_chats_together_stay_below_what_telegram_allows() -> None:
    pace = Pace(lambda: 0.0)
    assert sum(pace.wait_s(str(chat)) == 0 for chat in range(100)) == 25


def test_parts_fit_into_a_message() -> None:
    said = Message("m1", "c1", 1, Author.AGENT, "Priya", "😀 word. " * 3000, Status.READY, NOW)
    assert all(units(part.text) <= LONGEST for part in parts_of(said))
