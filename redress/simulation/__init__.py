"""`redress simulate`: scripted customers against the running product. The format is in docs/simulate.md."""

from redress.simulation.running import play_all, table
from redress.simulation.script import Script, load

__all__ = ["Script", "load", "play_all", "table"]
