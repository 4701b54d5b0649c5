"""The floor: who is at work, what waits for them, and the clocks that run meanwhile."""
