"""What a customer knows by themselves: what was acknowledged to them, and what they were shown."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A message of the customer's that the channel has accepted. `key`: the channel's own id of it.

    `text` None: a pressed button, whose words the channel may have shortened.
    """

    conversation: str
    key: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that the customer was shown; `place` orders those of one conversation."""

    conversation: str
    place: int
    id: str
    author: str
    text: str


@dataclass
class Transcript:
    """One customer's own record, in the order in which things happened."""

    who: str
    channel: str
    customer: str | None = None  # whom the shop has signed for
    acknowledged: list[Acknowledged] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)  # what no customer should ever be told

    @property
    def conversations(self) -> frozenset[str]:
        """Those that the customer knows of."""
        own = {one.conversation for one in self.acknowledged}
        return frozenset(own | {one.conversation for one in self.seen})

    def rename(self, names: Mapping[str, str]) -> None:
        """Call conversations by other names."""
        self.acknowledged = [
            replace(a, conversation=names.get(a.conversation, a.conversation)) for a in self.acknowledged
        ]
        self.seen = [replace(s, conversation=names.get(s.conversation, s.conversation)) for s in self.seen]


OTHERS = frozenset({"bot", "system", "agent"})


class Line(Protocol):
    """A customer's end of a channel. Whatever is down, each call comes back once it is done."""

    transcript: Transcript

    async def send(self, text: str, payload: str | None = None, *, twice: bool = False) -> None:
        """Send, again and again, until it is acknowledged. `twice`: and once more, as phones do."""

    async def heard(self, authors: Container[str], within: float) -> bool:
        """Whether one of these says something after one's own latest message."""

    def buttons(self) -> tuple[tuple[str, str], ...]:
        """Title and payload of those under the latest message that has any."""

    async def leave(self) -> None:
        """Look away. Whatever comes is read at `catch_up`."""

    async def catch_up(self) -> None:
        """Read what there is."""
