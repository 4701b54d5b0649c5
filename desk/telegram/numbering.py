"""Telegram counts messages for each bot: those of another bot of ours, in the same chat, are other messages."""

from dataclasses import dataclass, replace

from desk.telegram.updates import Command, Corrected, Meaning, Said


def account_of(token: str) -> str:
    """A bot's own number, which is no secret: what stands before the colon."""
    return token.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Numbering:
    """Names messages as the record does. `prefix`: empty for the first bot, whose ids stand there bare."""

    prefix: str

    def __call__(self, meaning: Meaning) -> Meaning:
        """The same, with the ids that the record knows."""
        match meaning:
            case Said():
                named = tuple((self.of(whose), caption) for whose, caption in meaning.captions)
                own, album = self.of(meaning.message_id), self._album(meaning.album)
                return replace(meaning, message_id=own, album=album, captions=named)
            case Corrected():
                return replace(meaning, message_id=self.of(meaning.message_id), album=self._album(meaning.album))
            case Command():
                return replace(meaning, message_id=self.of(meaning.message_id))
        return meaning

    def of(self, own_id: str) -> str:
        """The record's name of a message that came in."""
        return f"{self.prefix}{own_id}"

    def _album(self, own_id: str | None) -> str | None:
        return self.of(own_id) if own_id else own_id
