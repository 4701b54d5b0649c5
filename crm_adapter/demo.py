"""The named customers of the demo company: who to sign in as to see what.

`DEMO_CUSTOMERS` is the table of them; their stories are in demo_stories.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crm_adapter.book import Book
from crm_adapter.demo_stories import (
    Story,
    all_alike,
    all_well,
    appointment_missed,
    charged_after_cancelling,
    charged_twice,
    collection_missed,
    damaged,
    failed_once,
    failed_twice,
    faulty,
    gold,
    goodwill_spent,
    late_in_the_strike,
    leaked_details,
    locked_out,
    lost,
    missing_item,
    no_orders,
    not_as_described,
    open_case,
    refund_late,
    renewed_wrongly,
    rude_technician,
    service_down,
    several_problems,
    smoking_radiator,
    vulnerable,
    wrong_item,
)
from crm_adapter.past import email_of, phone_of
from recovery.records import Customer
from recovery.words import Tier


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """Somebody to be in a demonstration, and what being them shows."""

    id: str
    name: str
    shows: str
    write: Callable[[Story], None]
    tier: Tier = Tier.STANDARD
    region: str = "London"
    vulnerability_note: str = ""

    @property
    def customer(self) -> Customer:
        number = int(self.id.removeprefix("C"))
        return Customer(
            id=self.id,
            name=self.name,
            email=email_of(self.name, number),
            phone=phone_of(number),
            tier=self.tier,
            region=self.region,
            vulnerable=bool(self.vulnerability_note),
            vulnerability_note=self.vulnerability_note,
        )


DEMO_CUSTOMERS = (
    DemoCustomer(
        "C001",
        "Maya Fletcher",
        "late_delivery: one parcel overdue in the courier strike, and an earlier late one with the same "
        "courier, closed without compensation",
        late_in_the_strike,
        region="North East",
    ),
    DemoCustomer("C002", "Owen Pritchard", "lost_parcel: the courier has lost it", lost, region="Wales"),
    DemoCustomer("C003", "Zoë Marchetti-Bell", "damaged_item: came yesterday, damage recorded", damaged),
    DemoCustomer("C004", "Hamish Douglas", "wrong_item: the pick error is known", wrong_item, region="Scotland"),
    DemoCustomer(
        "C005", "Anjali Nair", "missing_item: the stock was one short", missing_item, region="West Midlands"
    ),
    DemoCustomer("C006", "Declan Byrne", "faulty_product: from a faulty batch", faulty, region="North West"),
    DemoCustomer("C007", "Ruth Appiah", "not_as_described: the listing was corrected later", not_as_described),
    DemoCustomer(
        "C008", "Piotr Zieliński", "refund_delay: approved 20 days ago, not sent", refund_late, region="Yorkshire"
    ),
    DemoCustomer("C009", "Grace Holloway", "billing_error: paid twice for one order", charged_twice),
    DemoCustomer(
        "C010", "Tariq Aziz", "subscription_problem: renewed at the wrong price", renewed_wrongly, Tier.SILVER
    ),
    DemoCustomer("C011", "Siân Ó Briain", "cancellation_problem: charged after cancelling", charged_after_cancelling),
    DemoCustomer("C012", "Leo Whitcombe", "return_problem: nobody collected it", collection_missed),
    DemoCustomer("C013", "Mei-Ling Chow", "account_access: locked out since yesterday", locked_out),
    DemoCustomer(
        "C014",
        "George Attwood",
        "service_outage: broadband down in their area",
        service_down,
        region="South West",
    ),
    DemoCustomer(
        "C015", "Farah Siddiqui", "missed_appointment: nobody came yesterday", appointment_missed, Tier.SILVER
    ),
    DemoCustomer("C016", "Colin Draper", "staff_conduct: spoke of a rude technician on the phone", rude_technician),
    DemoCustomer("C017", "Ngozi Eze", "privacy_security: wrote that a stranger's address came", leaked_details),
    DemoCustomer(
        "C018", "Ted Lambourne", "safety_incident: a smoking radiator, from a faulty batch", smoking_radiator
    ),
    DemoCustomer(
        "C019",
        "Vivienne Ashdown",
        "a gold customer, whose sofa is five days late (late_delivery)",
        gold,
        Tier.GOLD,
        "South East",
    ),
    DemoCustomer(
        "C020",
        "Edith Wainwright",
        "a vulnerable customer with a major problem: a lost washing machine (lost_parcel)",
        vulnerable,
        region="East Midlands",
        vulnerability_note="please ring twice and allow time to come to the door",
    ),
    DemoCustomer("C021", "Marcus Bell", "one failed recovery on the same order (faulty_product)", failed_once),
    DemoCustomer("C022", "Helena Novák", "two failed recoveries on the same order (faulty_product)", failed_twice),
    DemoCustomer(
        "C023",
        "Jonas Lindqvist",
        "£70 of vouchers this year, so the bot may give no more; a late parcel (late_delivery)",
        goodwill_spent,
        Tier.SILVER,
    ),
    DemoCustomer("C024", "Priscilla Mbeki", "five orders all alike: the bot must ask which", all_alike),
    DemoCustomer("C025", "Sam Rowntree", "no orders at all", no_orders),
    DemoCustomer("C026", "Yusuf Demir", "an escalated case is open already (late_delivery)", open_case),
    DemoCustomer(
        "C027", "Clara Finch", "two problems on two orders: billing_error and late_delivery", several_problems
    ),
    DemoCustomer("C028", "Dev Kapoor", "nothing is wrong; one order is on its way", all_well, Tier.GOLD),
)


def write_demo_customers(book: Book) -> None:
    """Write the named customers and their stories; they are the book's first."""
    for demo in DEMO_CUSTOMERS:
        customer = demo.customer
        book.customers.append(customer)
        demo.write(Story(book, customer))
