"""What can go wrong at a port. Adapters raise these, and nothing else.

PortError
├── NotFound      the record is not there
├── Unavailable   the other side is down or slow: worth a retry, then a person
├── Conflict      somebody else was first: read again and decide again
└── Refused       the other side will not do this; a retry will not help
"""


class PortError(Exception):
    """A port could not do what was asked."""


class NotFound(PortError):
    """The record is not there."""


class Unavailable(PortError):
    """The other side is down or slow."""


class Conflict(PortError):
    """Somebody else was first."""


class Refused(PortError):
    """The other side will not do this."""
