"""Telegram as a channel of the desk, with python-telegram-bot."""

import os

# The library's own switch: lengths of time as `timedelta`, as its next version gives them, without a warning at each.
os.environ.setdefault("PTB_TIMEDELTA", "true")
