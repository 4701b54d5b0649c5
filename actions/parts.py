"""What the actions work with. The wiring fills it in before the action server starts; nothing opens at import."""

from casework.turn import Bot


class NotWired(RuntimeError):
    """The action server was started without its parts."""


_bot: list[Bot] = []


def use(bot: Bot) -> None:
    """Give the actions their bot; called once by the wiring."""
    _bot[:] = [bot]


def bot() -> Bot:
    """The bot that takes turns."""
    if not _bot:
        raise NotWired("The actions were started without their parts; start them with `redress up`.")
    return _bot[0]
