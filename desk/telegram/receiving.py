"""What is done with an update: stored by the one intake before it is confirmed, whatever happens after."""

import uuid
from contextlib import suppress
from dataclasses import dataclass

import structlog

from casework.captions import CAPTIONS, laid_out
from casework.chats import Chats
from casework.crm import Crm
from casework.deep_links import read as read_deep_link
from casework.errors import NotFound, PortError
from casework.floor.callbacks import PAYLOAD as CALL_BACK
from casework.identity import IdentityRefused
from casework.intake import ASK_FOR_A_PERSON, Intake, MessageRefused, new_message_id
from casework.ports import (
    Attachments,
    Author,
    Clock,
    Conversation,
    Deliveries,
    Identities,
    Messages,
    NewAttachment,
    Outbound,
    Owner,
    Phrases,
)
from desk.telegram.api import Api, ApiTrouble, Impossible, NotNow, NotSent
from desk.telegram.composing import Part, chosen, read_button_data
from desk.telegram.delivering import TELEGRAM
from desk.telegram.media import FileSent
from desk.telegram.numbering import Numbering
from desk.telegram.tidying import Tidying
from desk.telegram.updates import Command, Corrected, InGroup, Meaning, Pressed, Said

DEEP_LINK = "deep_link"
COMMANDS = {
    "start": "Begin",
    "help": "What I can do",
    "person": "Talk to a person",
    "unlink": "Forget who I am",
}
_KINDS = {"photo": "photo", "sticker": "photo", "voice": "audio", "audio": "audio", "video": "video"}
_FILES = uuid.UUID("0b0c9a52-6f86-4b8e-9d1e-0a5c6f4f0d11")
_QUOTED = 200
log = structlog.get_logger("desk.telegram")


@dataclass
class Receiver:
    """Takes updates. Raises Unavailable where one could not be stored: it is to come again."""

    api: Api
    intake: Intake
    chats: Chats
    identities: Identities
    messages: Messages
    deliveries: Deliveries
    attachments: Attachments
    crm: Crm
    phrases: Phrases
    clock: Clock
    company: str
    identity_secret: str
    tidying: Tidying
    mails_codes: bool = False
    account: str = ""  # our bot's own number
    _numbering: Numbering | None = None

    async def take(self, meaning: Meaning) -> bool:
        """Store what an update means. Whether it was a new message of a customer."""
        meaning = (await self._told_apart())(meaning)
        if await self._came_before(meaning):
            return False
        match meaning:
            case Said():
                return await self._said(meaning)
            case Command():
                return await self._command(meaning)
            case Corrected():
                await self._corrected(meaning)
            case Pressed():
                return await self._pressed(meaning)
            case InGroup():
                self.tidying.begin(meaning.chat, lambda: self._decline_group(meaning.chat))
        return False

    async def _told_apart(self) -> Numbering:
        if self._numbering is None:
            first = await self.identities.first_account(TELEGRAM, self.account)
            self._numbering = Numbering("" if first == self.account else f"{self.account}:")
        return self._numbering

    async def _came_before(self, meaning: Meaning) -> bool:
        """What a crash kept us from confirming comes again; by then the chat may be another conversation."""
        if not isinstance(meaning, Said | Command):
            return False
        return await self.messages.known_from_before(TELEGRAM, meaning.chat, _own_id(meaning))

    async def _said(self, said: Said) -> bool:
        conversation = await self.chats.conversation(TELEGRAM, said.chat, said.name)
        meta = dict(said.meta)
        if "quotes" in meta:  # cut short only when a code in it is hidden, of which half would be left
            meta["quotes"] = (await self.intake.veil(conversation.id, meta["quotes"]))[:_QUOTED]
        if said.wordless:
            meta["wordless"] = True
        if said.album:
            meta[CAPTIONS] = laid_out(said.captions)
        if said.replies_to and (quoted := await self._quoted(conversation.id, said.replies_to)):
            meta["replies_to"] = quoted
        files = [_attachment(conversation.id, file) for file in said.files]
        key = _own_id(said)
        # A later picture of an album goes with the first, for it is one message; its own words are another.
        late = said.album and files and await self.attachments.has(conversation.id, key, files[0].id) is False
        if late and said.wordless:
            await self._join_album(conversation.id, key, files)
            return False
        own, its_files = (said.message_id, ()) if late else (key, tuple(files))
        received = await self.intake.receive(conversation.id, own, said.text, meta=meta, attachments=its_files)
        if late:
            await self._join_album(conversation.id, key, files)
        self.tidying.begin(said.chat, lambda: self._retire_buttons(conversation, said.chat, received.seq))
        return not received.repeated

    async def _quoted(self, conversation_id: str, own_id: str) -> str | None:
        """What came in is known by the record's name, what went out by Telegram's."""
        name, found = (await self._told_apart()).of(own_id), self.deliveries.found
        return await found(conversation_id, name) or await found(conversation_id, own_id)

    async def _join_album(self, conversation_id: str, key: str, files: list[NewAttachment]) -> None:
        for file in files:
            await self.attachments.add(conversation_id, key, file, self.clock())

    async def _corrected(self, corrected: Corrected) -> None:
        """The record follows, in whichever conversation it is; a change that cannot be stored leaves it as it was.

        A picture of an album that is a message of its own is corrected itself, any other one corrects its caption.
        """
        for key in dict.fromkeys((corrected.message_id, _own_id(corrected))):
            if (there := await self.messages.where(TELEGRAM, corrected.chat, key)) is None:
                continue
            try:
                await self.intake.correct(there, key, corrected.text, corrected.message_id)
            except MessageRefused:
                log.info("correction_refused", conversation=there)
            return

    async def _pressed(self, pressed: Pressed) -> bool:
        conversation = await self.chats.conversation(TELEGRAM, pressed.chat, pressed.name)
        found = read_button_data(pressed.data)
        message = await self.messages.get(conversation.id, found[0]) if found else None
        if found is None or message is None or found[1] >= len(message.buttons):
            self._no_button(pressed)
            return False
        button = message.buttons[found[1]]
        # A message's buttons are one question: whichever is pressed, and however often, it is answered once.
        received = await self.intake.receive(conversation.id, f"press:{message.id}", button.title, button.payload)
        told = self.phrases.plain("utter_button_used") if received.repeated else None
        self._answer(pressed, told)
        if not received.repeated:
            part = chosen(message, button)
            self.tidying.begin(pressed.chat, lambda: self._show_choice(pressed, message.id, part))
            self.tidying.begin(
                pressed.chat,
                lambda: self._retire_buttons(conversation, pressed.chat, received.seq, beside=message.id),
            )
        return not received.repeated

    async def _command(self, command: Command) -> bool:
        if command.command == "person":
            conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
            asked = "I'd like to talk to a person."
            received = await self.intake.receive(conversation.id, command.message_id, asked, ASK_FOR_A_PERSON)
            return not received.repeated
        answer = {"start": self._start, "help": self._help, "unlink": self._unlink}.get(command.command)
        if answer is None:
            return await self._no_command(command)
        conversation, text = await answer(command)
        said = "/start" if command.command == "start" else command.text  # its token is nobody's business
        return await self._answered(conversation, command, said, text)

    async def _no_command(self, command: Command) -> bool:
        """A slash before what is meant for whoever answers: a one-time code, or anything while a person does."""
        if command.command == "code" and command.argument and self.mails_codes:
            return await self._said(Said(command.chat, command.name, command.message_id, command.argument))
        conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
        if conversation.owner is Owner.AGENT:
            return await self._said(Said(command.chat, command.name, command.message_id, command.text))
        text = self.phrases.plain("utter_chat_unknown_command")
        return await self._answered(conversation, command, command.text, text)

    async def _answered(self, conversation: Conversation, command: Command, said: str, text: str) -> bool:
        reply = Outbound(new_message_id(), Author.SYSTEM, text)
        await self.intake.receive_answered(conversation.id, command.message_id, said, [reply])
        return False

    async def _start(self, command: Command) -> tuple[Conversation, str]:
        if command.argument:
            return await self._start_linked(command)
        conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
        return conversation, self.phrases.plain("utter_chat_welcome", company=self.company, codes=self._codes)

    async def _start_linked(self, command: Command) -> tuple[Conversation, str]:
        """Whoever comes by a link that the shop has just signed is the customer it was signed for."""
        try:
            link = read_deep_link(self.identity_secret, command.argument, self.clock())
            name = await self._name_of(link.customer_id)
        except (IdentityRefused, NotFound):
            return await self._refused_link(command)
        if not await self.identities.use_once(link.key, command.chat, link.expires_at, self.clock()):
            return await self._refused_link(command)
        conversation = await self.chats.link(
            TELEGRAM, command.chat, link.customer_id, name or command.name, DEEP_LINK
        )
        return conversation, self.phrases.plain("utter_chat_linked", name=_first(name or command.name))

    async def _refused_link(self, command: Command) -> tuple[Conversation, str]:
        conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
        return conversation, self.phrases.plain("utter_chat_link_refused", company=self.company)

    async def _name_of(self, customer_id: str) -> str:
        """As the CRM knows them; a CRM that is down is no reason to keep everybody waiting. Raises NotFound."""
        try:
            return (await self.crm.history(customer_id)).customer.name
        except NotFound:
            raise
        except PortError:
            return ""

    async def _help(self, command: Command) -> tuple[Conversation, str]:
        conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
        return conversation, self.phrases.plain("utter_chat_help", codes=self._codes)

    @property
    def _codes(self) -> str:
        """A fact that a wording may need: strangers can prove by a mailed code who they are."""
        return "mailed" if self.mails_codes else ""

    async def _unlink(self, command: Command) -> tuple[Conversation, str]:
        conversation = await self.chats.unlink(TELEGRAM, command.chat, command.name)
        if conversation is not None:
            return conversation, self.phrases.plain("utter_chat_unlinked", company=self.company)
        conversation = await self.chats.conversation(TELEGRAM, command.chat, command.name)
        return conversation, self.phrases.plain("utter_chat_not_linked")

    def _answer(self, pressed: Pressed, told: str | None) -> None:
        self.tidying.begin(pressed.chat, lambda: self.api.answer_press(pressed.query_id, told))

    def _no_button(self, pressed: Pressed) -> None:
        self._answer(pressed, self.phrases.plain("utter_button_gone"))
        self.tidying.begin(pressed.chat, lambda: self.api.take_buttons_away(pressed.chat, pressed.message_id))

    async def _show_choice(self, pressed: Pressed, message_id: str, part: Part | None) -> None:
        """Until it is shown the buttons count as open: should we end before, the next message takes them away."""
        with suppress(Impossible):  # they deleted it
            if part is None:
                await self.api.take_buttons_away(pressed.chat, pressed.message_id)
            else:
                await self.api.change(pressed.chat, pressed.message_id, part)
        await self.deliveries.close_buttons([message_id])

    async def _retire_buttons(self, conversation: Conversation, chat: str, before: int, beside: str = "") -> None:
        """A question is answered once, by a button or in words. Who waits may ask for a call all the while."""
        kept = [CALL_BACK] if conversation.owner is Owner.QUEUE else None
        found = await self.deliveries.open_buttons(conversation.id)
        for one in found:
            stays = one.message.id == beside or [b.payload for b in one.message.buttons] == kept
            if one.message.seq < before and not stays:
                with suppress(Impossible):  # they deleted it
                    await self.api.take_buttons_away(chat, one.channel_id)
                await self.deliveries.close_buttons([one.message.id])

    async def _decline_group(self, chat: str) -> None:
        """Here people tell of their orders: that is nothing for a group. It is left, whether it hears that or not."""
        try:
            await self.api.send(chat, Part(self.phrases.plain("utter_chat_no_groups")))
        except (NotNow, NotSent):
            raise
        except ApiTrouble as trouble:
            log.info("group_not_told", why=type(trouble).__name__)
        self.tidying.begin(chat, lambda: self.api.leave(chat))

    async def close(self) -> None:
        """Wait a moment for what is still being tidied."""
        await self.tidying.close()


def _own_id(meaning: Said | Command | Corrected) -> str:
    """The pictures of an album are one message."""
    if not isinstance(meaning, Command) and meaning.album:
        return f"album:{meaning.album}"
    return meaning.message_id


def _attachment(conversation_id: str, file: FileSent) -> NewAttachment:
    """The same file of the same message has the same id, however often its update comes."""
    own_id = uuid.uuid5(_FILES, f"{conversation_id}/{file.message_id}/{file.file_id}").hex
    source = {"file_id": file.file_id}
    return NewAttachment(f"f{own_id}", _KINDS.get(file.kind, "file"), _storable(file.name), "", file.size, source)


def _storable(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[:200]


def _first(name: str) -> str:
    return next(iter(name.split()), "")
