"""What a person at the keyboard can do something about."""


class Problem(Exception):
    """One sentence that says what is wrong and what to do. The command prints it and ends with 1."""
