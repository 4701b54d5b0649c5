"""The engine's room: words become evidence here, never decisions."""
