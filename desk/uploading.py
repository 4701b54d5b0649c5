"""A file from a form, on its way into a message."""

from litestar.datastructures import FormMultiDict, UploadFile

from casework.errors import Conflict, NotFound, Refused
from casework.intake import MessageEmpty, MessageRefused, clean, clean_id
from casework.ports import NewAttachment, NoRoom, Received
from casework.sniffing import MOST_BYTES
from desk.services import Desk

LARGEST_UPLOAD = MOST_BYTES + 64 * 1024
CALLED = {"photo": "[photo]", "audio": "[recording]", "video": "[video]", "file": "[file]"}


async def file_in(form: FormMultiDict) -> tuple[bytes, str] | None:
    """The content of the form's file and the name that it was given."""
    given = form.get("file")
    if not isinstance(given, UploadFile):
        return None
    content = await given.read()
    return (content, given.filename) if content else None


async def keep_file(desk: Desk, conversation_id: str, content: bytes, name: str) -> NewAttachment:
    """Keep it. Raises FileRefused, Unavailable, and Refused where this desk keeps no files."""
    if desk.keeping is None:
        raise Refused("Files cannot be sent here.")
    return await desk.keeping.keep(conversation_id, content, name)


async def take_upload(desk: Desk, conversation_id: str, form: FormMultiDict) -> Received:
    """A customer's file with a few words or none, stored as one message."""
    key, words = clean_id(str(form.get("id") or "")), str(form.get("text") or "")
    found = await file_in(form)
    if found is None:
        raise MessageEmpty("There is no file in this form. Choose one, then send it again.")
    words = clean(words) if words.strip() else ""
    kept = await keep_file(desk, conversation_id, *found)
    meta = {} if words else {"wordless": True}
    try:
        received = await desk.intake.receive(
            conversation_id, key, words or CALLED[kept.kind], meta=meta, attachments=[kept]
        )
    except (MessageRefused, Conflict, NotFound, NoRoom):  # anything else may have stored it
        await forget_file(desk, conversation_id, kept)
        raise
    if received.repeated:
        await forget_file(desk, conversation_id, kept)
    return received


async def forget_file(desk: Desk, conversation_id: str, kept: NewAttachment) -> None:
    """Its message did not come to be."""
    if desk.keeping is not None:
        await desk.keeping.let_go(conversation_id, kept)
