"""`python -m redress`: the command, where the console script is not installed."""

from redress.cli import app

app(prog_name="redress")
