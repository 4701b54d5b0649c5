"""The demo company: Harbour & Pine, a retailer and service company, the same every time for the same day.

`demo_company(today)` is all of it as records; `seed(engine, today)` puts it into an empty database.
`DEMO_CUSTOMERS` says who to be in a demonstration, and what being them shows.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crm_adapter.book import Book
from crm_adapter.company import Company
from crm_adapter.demo import DEMO_CUSTOMERS, DemoCustomer, write_demo_customers
from crm_adapter.loading import load
from crm_adapter.past import STRIKE_BEGAN, STRIKE_COURIER, STRIKE_REGION, Past
from crm_adapter.tables import customers
from recovery.records import Incident

__all__ = ["COMPANY_NAME", "DEMO_CUSTOMERS", "DemoCustomer", "SeedCounts", "demo_company", "seed"]

COMPANY_NAME = "Harbour & Pine"


@dataclass(frozen=True, slots=True)
class SeedCounts:
    """How many of each were put in; all 0 where there was something already."""

    customers: int = 0
    orders: int = 0
    order_events: int = 0
    interactions: int = 0
    cases: int = 0
    compensations: int = 0
    incidents: int = 0


def demo_company(today: date) -> Company:
    """300 customers, 1,500 orders, 2,000 interactions and what came of them, until today began."""
    book = Book(today)
    write_demo_customers(book)
    past = Past(book, taken=(order.id for order in book.orders))
    past.write(customers=300, orders=1_500, interactions=2_000, vulnerable=18)
    book.incidents.append(_strike(book))
    return book.company()


def _strike(book: Book) -> Incident:
    return Incident(
        id="",
        kind="strike",
        cause="strike",
        courier=STRIKE_COURIER,
        region=STRIKE_REGION,
        started_at=book.moment(STRIKE_BEGAN - 0.25),
        expected_until=book.day(-4),
        text=f"{STRIKE_COURIER}'s drivers in the {STRIKE_REGION} are on strike, so parcels there wait at the depot.",
    )


async def seed(engine: AsyncEngine, today: date) -> SeedCounts:
    """Put the demo company into the CRM's tables, if they hold no customer yet."""
    async with engine.begin() as connection:
        # A second process that seeds waits here, and then finds customers.
        await connection.execute(text("lock table crm.customers in share row exclusive mode"))
        if (await connection.execute(select(func.count()).select_from(customers))).scalar_one():
            return SeedCounts()
        company = demo_company(today)
        await load(connection, company)
    return SeedCounts(
        customers=len(company.customers),
        orders=len(company.orders),
        order_events=sum(len(order.events) for order in company.orders),
        interactions=len(company.interactions),
        cases=len(company.cases),
        compensations=len(company.compensations),
        incidents=len(company.incidents),
    )
