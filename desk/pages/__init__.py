"""The staff's pages: sign-in, queue, conversation, log, alerts, looks. The wiring needs these names."""

from desk.pages.parts import StaffParts, staff_parts
from desk.pages.router import staff_pages

__all__ = ["StaffParts", "staff_pages", "staff_parts"]
