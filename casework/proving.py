"""A stranger proves who they are: they name their e-mail address, are mailed a code, and type it.

Nothing said or done here differs between an address that is known and one that is not: for nobody's address a code is
kept too, which nobody gets and which is never right.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.chats import Chats
from casework.crm import Crm
from casework.errors import Conflict, NotFound, PortError
from casework.identity import WEB
from casework.intake import ASK_FOR_A_PERSON, Proof, new_message_id
from casework.ports import (
    Alerts,
    Author,
    Button,
    Clock,
    CodeBook,
    Conversation,
    Conversations,
    Identities,
    Issued,
    Link,
    Mail,
    NewAlert,
    NewCode,
    Outbound,
    Owner,
    Phrases,
)
from recovery import proving
from recovery.proving import SentCode, Verdict
from recovery.records import Customer

EMAIL_CODE = "email_code"
VERIFIED = '/inform{"choice": "verified"}'  # what the bot hears instead of the code, as from its own button
_TOLD = {Issued.TOO_MANY: "utter_code_too_many", Issued.GUESSED_AT: "utter_code_not_now"}
_GUESSING = (
    "Many one-time codes were tried wrongly within an hour: somebody may be guessing. Each may be tried five times."
    " After {most} wrong tries within an hour no more codes go out for that hour."
)


@dataclass(frozen=True, slots=True)
class Proving:
    """Hears addresses and codes before the bot does. `post` takes a mail and sends it in its own time."""

    conversations: Conversations
    identities: Identities
    chats: Chats
    codes: CodeBook
    alerts: Alerts
    crm: Crm
    phrases: Phrases
    clock: Clock
    post: Callable[[Mail], None]
    secret: str
    company: str

    async def hear(self, conversation_id: str, message_id: str, text: str) -> Proof | None:
        """What to store and to answer; None where the message is neither an address nor a code."""
        if found := proving.codes_in(text):
            return await self._code(conversation_id, message_id, text, found)
        if address := proving.email_in(text):
            return await self._address(conversation_id, message_id, text, address)
        if proving.misses_the_code(text):
            return await self._missed(conversation_id, text)
        return None

    async def veil(self, conversation_id: str, text: str) -> str:
        """The text without a code that this conversation waits for, or had."""
        found = proving.codes_in(text)
        sent = await self._recent(conversation_id) if found else ()
        waits = bool(sent) and not sent[0].is_over(self.clock())
        return proving.masked(text) if waits or self._known(sent, found) else text

    async def _address(self, conversation_id: str, message_id: str, text: str, address: str) -> Proof | None:
        conversation = await self.conversations.get(conversation_id)
        if conversation.customer_id is not None or conversation.owner is not Owner.BOT:
            return None
        try:
            customer = await self.crm.find_by_email(address)
        except PortError:
            return self._answer(text, "utter_code_not_now")
        issued = await self._issue(conversation_id, message_id, address, customer)
        return self._answer(text, _TOLD.get(issued, "utter_code_on_its_way"))

    async def _missed(self, conversation_id: str, text: str) -> Proof | None:
        """Told that the mail has not come while a code is waited for; whether one went out is not given away."""
        sent = await self._recent(conversation_id)
        if not sent or sent[0].is_over(self.clock()):
            return None
        bot_has_it = (await self.conversations.get(conversation_id)).owner is Owner.BOT
        return self._answer(text, "utter_code_missed") if bot_has_it else None

    async def _issue(self, conversation_id: str, message_id: str, address: str, customer: Customer | None) -> Issued:
        """The mail goes to the address on file, and not to one that only looks like it."""
        code, salt = f"{secrets.randbelow(10**proving.DIGITS):0{proving.DIGITS}}", secrets.token_hex(16)
        now = self.clock()
        issued = await self.codes.issue(
            NewCode(
                conversation_id,
                self._key("address", self.crm.email_key(address)),
                message_id,
                customer.id if customer else None,
                salt,
                self._key("code", salt, code),
                now,
                now + proving.LASTS,
            )
        )
        if customer is not None and issued is Issued.NEW:
            subject = self.phrases.plain("utter_code_mail_subject", company=self.company)
            words = self.phrases.plain("utter_code_mail", code=code, company=self.company)
            self.post(Mail(customer.email, subject, words))
        return issued

    async def _code(self, conversation_id: str, message_id: str, text: str, found: Sequence[str]) -> Proof | None:
        """One try for each message, however many numbers are in it; what was no try at all is an ordinary message."""
        sent = await self._recent(conversation_id)
        if not sent:
            return None
        known, alone = self._known(sent, found), proving.only_a_code(text)
        attempt = self._key("try", message_id, found[0])  # a sender may give two guesses one id: they are two tries
        if sent[0].used_in not in (None, attempt):
            return self._answer(text, "utter_code_used", goes_on=not alone) if known else None
        now = self.clock()
        tried = await self.codes.attempt(
            conversation_id,
            attempt,
            lambda one: proving.judge(one, attempt, now, right=self._is(one, found[0])),
            now - proving.WITHIN,
        )
        if tried.wrong_lately >= proving.GUESSES_TELLING:
            alert = NewAlert("code_guessing", _GUESSING.format(most=proving.GUESSES_MOST))
            await self.alerts.raise_once(alert, now)
        name = await self._verify(conversation_id, tried.customer_id) if tried.verdict is Verdict.RIGHT else None
        if name is not None:
            payload = VERIFIED if alone else None
            return self._answer(text, "utter_code_right", payload, goes_on=True, name=name)
        if not known and not alone:
            return None  # such as an order's number, told while a code is on its way
        response = "utter_code_wrong" if tried.verdict is Verdict.WRONG else "utter_code_over"
        return self._answer(text, response, goes_on=not alone)

    async def _verify(self, conversation_id: str, customer_id: str | None) -> str | None:
        """The conversation is the customer's, and so is the chat it is held in; their first name.

        None where it became another customer's in this very moment.
        """
        if customer_id is None:
            return None
        conversation = await self.conversations.get(conversation_id)
        try:
            customer = await self.crm.customer(customer_id)
            name, first = customer.name, customer.first_name
        except NotFound:
            return None
        except PortError:
            name, first = conversation.customer_name, ""
        try:
            await self._link(conversation, customer_id, name)
        except Conflict:
            return None
        return first

    async def _link(self, conversation: Conversation, customer_id: str, name: str) -> None:
        if conversation.channel != WEB:
            await self.chats.link(conversation.channel, conversation.channel_user, customer_id, name, EMAIL_CODE)
            return
        # First the proof: once the conversation is the customer's, this browser's session is good by it alone.
        await self.identities.link(Link(WEB, conversation.id, customer_id, EMAIL_CODE, self.clock()))
        await self.conversations.verify(conversation.id, customer_id, name, f"customer:{customer_id}")

    async def _recent(self, conversation_id: str) -> Sequence[SentCode]:
        return await self.codes.recent(conversation_id, self.clock() - proving.WITHIN)

    def _known(self, sent: Sequence[SentCode], found: Sequence[str]) -> bool:
        """Whether one of these was sent here, be it still good or not."""
        return any(self._is(one, code) for one in sent for code in found)

    def _is(self, sent: SentCode, code: str) -> bool:
        return hmac.compare_digest(sent.key, self._key("code", sent.salt, code))

    def _key(self, *parts: str) -> str:
        """What stands in the database for a code or an address: without the secret nobody can try them all."""
        words = "\n".join(("redress one-time code", *parts))
        return hmac.new(self.secret.encode(), words.encode(), hashlib.sha256).hexdigest()

    def _answer(
        self, text: str, response: str, payload: str | None = None, *, goes_on: bool = False, **facts: str
    ) -> Proof:
        buttons = () if goes_on else (Button(self.phrases.plain("utter_title_person"), ASK_FOR_A_PERSON),)
        reply = Outbound(new_message_id(), Author.SYSTEM, self.phrases.plain(response, **facts), buttons=buttons)
        return Proof(proving.masked(text), (reply,), payload, goes_on)
