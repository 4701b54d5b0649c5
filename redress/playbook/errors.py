"""What is wrong with a playbook, told to whoever wrote it."""

from collections.abc import Iterable


class PlaybookBroken(ValueError):
    """The playbook cannot be used. `problems` are sentences: where it is, what it is, what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
