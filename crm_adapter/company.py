"""Everything that a company's CRM starts with, as records."""

from dataclasses import dataclass

from recovery.records import Case, Compensation, Customer, Incident, Interaction, Order


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A user of a channel who is known to be a customer."""

    channel: str
    channel_user: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Company:
    """Customers with all that happened to them. A customer's satisfaction follows from the interactions."""

    customers: tuple[Customer, ...] = ()
    links: tuple[ChannelLink, ...] = ()
    orders: tuple[Order, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    cases: tuple[Case, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    incidents: tuple[Incident, ...] = ()
