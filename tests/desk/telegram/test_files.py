"""Photos, recordings, places and other things that customers send, and files that agents send."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Attachment, FileState, Staff, Status
from desk.telegram.api import PerhapsSent
from tests.desk.conftest import DeskUnderTest, decided, handoff_of
from tests.desk.telegram.conftest import JPEG, until
from tests.desk.telegram.peer_process import Peer

HTML = b"<html><script>alert(1)</script></html>"


async def photo(peer: Peer, content: bytes = JPEG) -> dict[str, Any]:
    """The part of a message that is a photo, in two sizes."""
    small, large = await peer.keeps(b"tiny", "s.jpg"), await peer.keeps(content, "l.jpg")
    sizes = [(small, 90, 4), (large, 1280, len(content))]
    return {
        "photo": [
            {"file_id": f, "file_unique_id": f, "width": w, "height": w, "file_size": size} for f, w, size in sizes
        ]
    }


async def one_conversation(desk: DeskUnderTest, chat: int = 7) -> str:
    found = await desk.store.conversations.latest_for("telegram", str(chat))
    assert found is not None
    return found.id


async def files(desk: DeskUnderTest, chat: int = 7) -> list[Attachment]:
    begun = await desk.store.conversations.latest_for("telegram", str(chat))
    messages = await desk.store.messages.all(begun.id) if begun else []
    found = await desk.store.attachments.of([m.id for m in messages])
    return [file for m in messages for file in found.get(m.id, ())]


async def settled(desk: DeskUnderTest, count: int = 1) -> list[Attachment]:
    """The files of the chat, once each is kept or refused."""

    async def are_settled() -> list[Attachment]:
        found = await files(desk)
        return found if len(found) == count and all(f.state is not FileState.WANTED for f in found) else []

    return await until(desk, are_settled)


async def test_a_photo_is_kept_in_its_largest_size_and_the_engine_hears_of_it(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    await peer.says(7, None, **await photo(peer))
    (kept,) = await settled(chat_desk)
    assert (kept.state, kept.kind, kept.media_type, kept.size) == (FileState.KEPT, "photo", "image/jpeg", len(JPEG))
    await peer.call("sendMessage")
    (asked,) = chat_desk.engine.asked
    assert (asked["text"], asked["payload"], asked["metadata"]["text"]) == ("/inform", True, "[photo]")
    assert asked["metadata"]["files"] == ["photo"]
    content = await chat_desk.app.state.desk.keeping.content(kept.id, kept.conversation_id)
    assert content.data == JPEG


async def test_a_caption_is_what_the_customer_said(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.says(7, None, caption="the lamp came broken", **await photo(peer))
    await settled(chat_desk)
    await peer.call("sendMessage")
    (asked,) = chat_desk.engine.asked
    assert (asked["text"], asked["payload"]) == ("the lamp came broken", False)


async def test_an_album_is_one_message_with_all_its_photos(chat_desk: DeskUnderTest, peer: Peer) -> None:
    chat_desk.engine.may_answer.clear()
    for _ in range(3):
        await peer.says(7, None, media_group_id="album-1", **await photo(peer))
    found = await settled(chat_desk, 3)
    assert len({f.message_id for f in found}) == 1
    chat_desk.engine.may_answer.set()
    await peer.call("sendMessage")
    assert len(chat_desk.engine.asked) == 1


async def recaptioned(peer: Peer, number: int, caption: str, pictures: dict[str, Any]) -> None:
    """A picture of the album gets another caption."""
    me = {"id": 7, "is_bot": False, "first_name": "Robin"}
    where = {"message_id": number, "media_group_id": "album-1", "from": me, "chat": {"id": 7, "type": "private"}}
    await peer.update({"edited_message": where | {"date": 1, "edit_date": 2, "caption": caption, **pictures}})


async def test_the_caption_of_an_album_can_be_corrected(chat_desk: DeskUnderTest, peer: Peer) -> None:
    pictures = await photo(peer)
    number = await peer.says(7, None, caption="the lamb is broken", media_group_id="album-1", **pictures)
    await peer.call("sendMessage")
    await recaptioned(peer, number, "the lamp is broken", pictures)

    async def corrected() -> bool:
        stored = await chat_desk.store.messages.all(await one_conversation(chat_desk))
        return [m.text for m in stored if m.author == "customer"] == ["the lamp is broken"]

    assert await until(chat_desk, corrected)


async def texts_of_customer(desk: DeskUnderTest) -> list[str]:
    return [m.text for m in await desk.store.messages.all(await one_conversation(desk)) if m.author == "customer"]


async def test_a_corrected_caption_leaves_the_other_captions_of_its_album(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    """The three come in one update each, as Telegram sends them, and are fetched together."""
    telegram, pictures = chat_desk.app.state.desk.telegram, [await photo(peer) for _ in range(3)]
    me = {"from": {"id": 7, "is_bot": False, "first_name": "Robin"}, "chat": {"id": 7, "type": "private"}}
    told = ["the lamb is broken", None, "and so is its box"]
    album = [
        {"message_id": 900 + n, "date": 1, "media_group_id": "album-1", "caption": told[n], **me, **pictures[n]}
        for n in range(3)
    ]
    await telegram.take([{"update_id": 900 + n, "message": one} for n, one in enumerate(album)])
    assert await texts_of_customer(chat_desk) == ["the lamb is broken\nand so is its box"]
    for number, caption in ((0, "the lamp\nis broken"), (1, "here too"), (2, "and so is the box"), (0, "it broke")):
        edited = album[number] | {"caption": caption, "edit_date": 2}
        await telegram.take([{"update_id": 910, "edited_message": edited}])
    assert await texts_of_customer(chat_desk) == ["it broke\nand so is the box\nhere too"]


async def test_a_caption_that_came_later_is_the_words_of_its_photo(chat_desk: DeskUnderTest, peer: Peer) -> None:
    pictures = await photo(peer)
    number = await peer.says(7, None, media_group_id="album-1", **pictures)
    await peer.call("sendMessage")
    await recaptioned(peer, number, "the lamp is broken", pictures)

    async def corrected() -> bool:
        (said, *_) = await chat_desk.store.messages.all(await one_conversation(chat_desk))
        return said.text == "the lamp is broken" and "wordless" not in said.meta

    assert await until(chat_desk, corrected)


async def test_an_edit_that_comes_again_changes_no_other_message_of_its_album(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    await peer.says(7, None, caption="the lamp is broken", media_group_id="album-1", **await photo(peer))
    await peer.call("sendMessage")
    pictures = await photo(peer)
    late = await peer.says(7, None, caption="and the shade to", media_group_id="album-1", **pictures)
    await peer.call("sendMessage")
    for _ in ("once", "after a crash"):
        await recaptioned(peer, late, "and the shade too", pictures)
    await peer.says(7, "done")
    await peer.call("sendMessage", text="You said: done")
    stored = await chat_desk.store.messages.all(await one_conversation(chat_desk))
    assert [m.text for m in stored if m.author == "customer"] == ["the lamp is broken", "and the shade too", "done"]


async def test_what_a_file_is_called_is_not_what_it_is(chat_desk: DeskUnderTest, peer: Peer) -> None:
    held = await peer.keeps(HTML, "x")
    document = {"file_id": held, "file_unique_id": held, "file_name": "../../photo.jpg", "mime_type": "image/jpeg"}
    await peer.says(7, None, document=document)
    (kept,) = await settled(chat_desk)
    assert (kept.media_type, kept.name) == ("text/plain", "photo.txt")


async def test_a_file_of_no_kind_that_we_take_is_refused_in_words(chat_desk: DeskUnderTest, peer: Peer) -> None:
    held = await peer.keeps(b"\x7fELF\x02\x01\x01\x00", "x")
    await peer.says(7, None, document={"file_id": held, "file_unique_id": held, "file_name": "run.exe"})
    (refused,) = await settled(chat_desk)
    assert refused.state is FileState.REFUSED
    texts = {(await peer.call("sendMessage"))["params"]["text"] for _ in range(2)}
    assert any(text.startswith("utter_file_not_kept We take photos") for text in texts)


async def test_a_file_that_cannot_be_fetched_keeps_no_other_waiting_and_is_given_up_in_words(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    fetcher = chat_desk.app.state.desk.telegram.fetcher
    fetcher.sweep_every = 0.01
    fetch, bad = fetcher.api.download, await peer.keeps(JPEG, "bad.jpg")

    async def download(file_id: str) -> bytes:
        if file_id == bad:
            raise PerhapsSent("Telegram's answer was lost.")
        return bytes(await fetch(file_id))

    fetcher.api.download = download
    await peer.says(7, None, document={"file_id": bad, "file_unique_id": bad, "file_name": "bad.jpg"})
    await peer.says(7, None, **await photo(peer))
    refused, kept = await settled(chat_desk, 2)
    assert (refused.state, refused.why) == (FileState.REFUSED, "Telegram did not give it to us.")
    assert kept.state is FileState.KEPT


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"location": {"latitude": 51.5, "longitude": -0.12}}, "[place: 51.50000, -0.12000]"),
        ({"contact": {"first_name": "Ada", "phone_number": "+44 20 7946 0000"}}, "[contact: Ada, +44 20 7946 0000]"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "[dice]"),
    ],
)
async def test_what_is_no_text_is_told_in_the_record(
    chat_desk: DeskUnderTest, peer: Peer, sent: dict[str, Any], told: str
) -> None:
    await peer.says(7, None, **sent)
    await peer.call("sendMessage")
    (message, _) = await chat_desk.store.messages.all(await one_conversation(chat_desk))
    assert (message.text, message.meta["wordless"]) == (told, True)


async def test_a_sticker_says_its_emoji(chat_desk: DeskUnderTest, peer: Peer) -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": True,
        "is_video": False,
        "emoji": "👍",
    }
    await peer.says(7, None, sticker=sticker)
    await peer.call("sendMessage")
    assert [turn["text"] for turn in chat_desk.engine.asked] == ["👍"]


async def test_an_agents_words_and_file_reach_the_chat_under_the_agents_name(
    chat_desk: DeskUnderTest, peer: Peer, engine: AsyncEngine, priya: Staff
) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    chat_desk.engine.before_answer = hand_over
    await peer.says(7, "a person please")
    await peer.call("sendMessage")
    conversation = await one_conversation(chat_desk)
    await chat_desk.ownership.claim(conversation, priya)
    kept = await chat_desk.app.state.desk.keeping.keep(conversation, JPEG, "label.png")
    await chat_desk.ownership.send_as_agent(conversation, priya, "Here is *the* <label>.", attachment=kept)
    sent = await peer.call("sendMessage", text="Priya\nHere is *the* <label>.")
    assert sent["params"]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert "parse_mode" not in sent["params"]
    picture = await peer.call("sendPhoto")
    assert picture["files"] == [{"name": "label.jpg", "type": "image/jpeg", "size": len(JPEG)}]


async def test_a_file_that_is_gone_before_it_was_sent_keeps_nothing_waiting(
    chat_desk: DeskUnderTest, peer: Peer, vera: Staff
) -> None:
    await peer.says(7, "hello")
    await peer.call("sendMessage")
    conversation = await one_conversation(chat_desk)
    await chat_desk.ownership.take_over(conversation, vera)
    kept = await chat_desk.app.state.desk.keeping.keep(conversation, JPEG, "label.jpg")
    await peer.fault("sendPhoto", status=500, description="Internal Server Error")
    sent = await chat_desk.ownership.send_as_agent(conversation, vera, "Here it is.", attachment=kept)
    await peer.call("sendPhoto")
    await chat_desk.app.state.desk.keeping.let_go(conversation, kept)

    async def given_up() -> bool:
        found = await chat_desk.store.messages.get(conversation, sent.id)
        return found is not None and found.status is Status.UNDELIVERABLE

    assert await until(chat_desk, given_up)
    await chat_desk.ownership.send_as_agent(conversation, vera, "And in words.")
    await peer.call("sendMessage", text="Vera\nAnd in words.")


async def test_an_upload_in_the_web_chat_is_a_message_with_a_file(chat_desk: DeskUnderTest) -> None:
    customer = await chat_desk.customer()
    form = {"data": {"id": "u1", "text": ""}, "files": {"file": ("x.html", JPEG, "text/html")}}
    first = await chat_desk.http.post("/chat/attachments", headers=customer.bearer, **form)
    again = await chat_desk.http.post("/chat/attachments", headers=customer.bearer, **form)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    message = (await customer.messages())[0]
    assert message["text"] == ""
    (file,) = message["files"]
    assert (file["kind"], file["name"], file["type"]) == ("photo", "x.jpg", "image/jpeg")
    served = await chat_desk.http.get(f"/chat/attachments/{file['id']}", headers=customer.bearer)
    assert served.content == JPEG
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    part = await chat_desk.http.get(
        f"/chat/attachments/{file['id']}", headers={**customer.bearer, "Range": "bytes=0-2"}
    )
    assert (part.status_code, part.content) == (206, JPEG[:3])


async def test_a_file_is_for_its_own_conversation_only(chat_desk: DeskUnderTest) -> None:
    customer, stranger = await chat_desk.customer(), await chat_desk.customer()
    form = {"data": {"id": "u1"}, "files": {"file": ("x.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")}}
    await chat_desk.http.post("/chat/attachments", headers=customer.bearer, **form)
    (file,) = (await customer.messages())[0]["files"]
    own = await chat_desk.http.get(f"/chat/attachments/{file['id']}", headers=customer.bearer)
    assert own.headers["content-disposition"] == "attachment; filename*=UTF-8''x.txt"
    assert own.headers["content-type"].startswith("text/plain")
    for headers in (stranger.bearer, {}):
        refused = await chat_desk.http.get(f"/chat/attachments/{file['id']}", headers=headers)
        assert refused.status_code in (401, 404)


async def test_what_is_too_large_or_nothing_is_refused_with_a_sentence(chat_desk: DeskUnderTest) -> None:
    customer = await chat_desk.customer()
    for content, status in ((b"\xff\xd8\xff" + b"0" * 300_000, 413), (b"\x7fELF\x00", 415), (b"", 422)):
        form = {"data": {"id": "big"}, "files": {"file": ("x.jpg", content, "image/jpeg")}}
        answer = await chat_desk.http.post("/chat/attachments", headers=customer.bearer, **form)
        assert (answer.status_code, len(answer.json()["detail"]) > 20) == (status, True)
    assert await customer.messages() == []
