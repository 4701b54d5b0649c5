"""The floor's tables: presence, offers, clocks, callbacks, approvals, pages."""
