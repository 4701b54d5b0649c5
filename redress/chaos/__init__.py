"""Customers talk while processes are killed; at the end, what they saw is held against what is stored."""

from redress.chaos.plan import Plan
from redress.chaos.running import run

__all__ = ["Plan", "run"]
