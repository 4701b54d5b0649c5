"""The playbook: read from its YAML files, checked, and turned into the values that `recovery` decides on."""

from redress.playbook.errors import PlaybookBroken
from redress.playbook.loading import load, load_checked

__all__ = ["PlaybookBroken", "load", "load_checked"]
