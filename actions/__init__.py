"""I carry slots in and events out: an action reads the tracker, calls one story of casework, returns events."""
