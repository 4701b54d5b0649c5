"""The demo company's ordinary past: who its customers are, what they ordered, what went wrong and what was said."""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count
from random import Random

from faker import Faker

from crm_adapter.book import AGENTS, FIRST_ORDER, Book, Given
from crm_adapter.catalogue import BOOKING, BY_KIND, GOODS, PLAN, SERVICE, Product
from crm_adapter.troubles import BY_CHALLENGE, REPORTS, TROUBLES, Trouble
from recovery.records import WITHDRAWN, Customer, Order
from recovery.words import CaseStatus, ChallengeType, Remedy, Severity, Tier

REGIONS = (
    "North East",
    "North West",
    "Yorkshire",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
    "Wales",
    "Scotland",
    "Northern Ireland",
)
COURIERS = ("SwiftShip", "Northway", "ParcelBee")
STRIKE_REGION, STRIKE_COURIER, STRIKE_BEGAN = "North East", "SwiftShip", 6
CHANNELS = ("phone", "email", "web", "telegram", "store")
SUPPORT_NEEDS = (
    "please speak slowly and repeat what was agreed",
    "large print for letters",
    "please let the bell ring longer",
    "a relative may speak for the customer",
    "written confirmation of every appointment",
)
SMALL_TALK = (  # about anything
    "Asked about opening hours of the shop.",
    "Wanted a copy of the invoice for the {item}.",
    "Updated the phone number on the account.",
    "Asked to be taken off the catalogue list.",
    "Booked a visit to the showroom.",
    "Asked about paying for the {item} in parts.",
    "Thanked us for sorting out the {item}.",
    "Asked how points on the account work.",
    "Reported that the confirmation e-mail for the {item} went to junk.",
    "Asked what is included in the {item}.",
    "Asked whether the {item} can be a gift.",
)
TALK_OF = {  # about what was ordered, by its kind
    GOODS: (
        "Changed the delivery address for the {item} before dispatch.",
        "Asked how to look after the {item}.",
        "Praised the driver who brought the {item}.",
        "Asked about the guarantee on the {item}.",
        "Compared two models before choosing the {item}.",
        "Asked for the delivery slot for the {item}; given.",
        "Wanted to add a gift note to the {item}; done.",
        "Asked whether another {item} is in stock.",
    ),
    PLAN: (
        "Asked on which day the {item} is charged.",
        "Asked how to use the {item} at a second address.",
        "Asked what happens to the {item} when moving house.",
    ),
    SERVICE: (
        "Asked how long the {item} takes.",
        "Asked to be rung half an hour before the {item}.",
        "Asked what to prepare for the {item}.",
    ),
    BOOKING: (
        "Asked about parking for the {item}.",
        "Asked to bring a friend to the {item}.",
        "Moved the {item} to another day; done.",
    ),
}
CHASES = (
    "Called again about the {item}; no news yet.",
    "Second e-mail about the {item}. Promised an answer by Friday.",
    "Asked for a manager about the {item}.",
    "Wanted to know why nobody rang back about the {item}.",
)


class Past:
    """Writes the ordinary past into a book, always the same for the same day."""

    def __init__(self, book: Book, taken: Iterable[str]) -> None:
        self._book = book
        self._random = Random(20_251_120)  # noqa: S311 - a demo, not a secret
        self._taken = set(taken)  # order numbers that named customers have
        self._customers: list[Customer] = []
        self._orders: list[tuple[Customer, Order, Trouble | None, float]] = []  # with when the trouble was reported

    def write(self, *, customers: int, orders: int, interactions: int, vulnerable: int) -> None:
        """Fill the book up to these totals."""
        self._write_customers(customers, vulnerable)
        self._write_orders(orders - len(self._book.orders))
        self._write_cases()
        self._write_needs()
        self._write_talk(interactions - len(self._book.interactions))

    def _write_customers(self, total: int, vulnerable: int) -> None:
        names = Faker("en_GB")
        names.seed_instance(20_251_120)
        already = len(self._book.customers)
        numbers = range(already + 1, total + 1)
        needy = set(self._random.sample(numbers, vulnerable - sum(c.vulnerable for c in self._book.customers)))
        tiers = _tiers(total, [c.tier for c in self._book.customers])
        self._random.shuffle(tiers)
        for number, tier in zip(numbers, tiers, strict=True):
            name = f"{names.first_name()} {names.last_name()}"
            self._customers.append(
                Customer(
                    id=f"C{number:03}",
                    name=name,
                    email=email_of(name, number),
                    phone=phone_of(number),
                    tier=tier,
                    region=self._random.choice(REGIONS),
                    vulnerable=number in needy,
                    vulnerability_note=self._random.choice(SUPPORT_NEEDS) if number in needy else "",
                )
            )
        self._book.customers.extend(self._customers)

    def _write_orders(self, how_many: int) -> None:
        shares = {Tier.STANDARD: 4, Tier.SILVER: 7, Tier.GOLD: 11}
        buyers = self._random.choices(self._customers, [shares[c.tier] for c in self._customers], k=how_many)
        in_strike = [c for c in self._customers if c.region == STRIKE_REGION]
        ages = sorted((1 + 720 * self._random.random() ** 1.6 for _ in buyers), reverse=True)  # more of late
        numbers = (number for number in count(FIRST_ORDER) if str(number) not in self._taken)
        for number, age, buyer in zip(numbers, ages, buyers, strict=False):
            if age < STRIKE_BEGAN + 6 and self._random.random() < 0.2:
                self._write_order(number, age, self._random.choice(in_strike), GOODS, STRIKE_COURIER)
            else:
                kind = self._random.choices((GOODS, PLAN, SERVICE, BOOKING), (70, 12, 10, 8))[0]
                courier = self._random.choice(COURIERS) if kind == GOODS else ""
                self._write_order(number, age, buyer, kind, courier)

    def _write_order(self, number: int, age: float, buyer: Customer, kind: str, courier: str) -> None:
        lines = self._lines(kind)
        placed = int(age) + self._random.uniform(0.3, 0.7)
        takes = {GOODS: (2, 6), PLAN: (1, 3), SERVICE: (4, 15), BOOKING: (7, 30)}[kind]
        due = float(int(placed) - self._random.randint(*takes))
        trouble, cause = self._trouble(kind, buyer.region, courier, due)
        late = 0
        if trouble and trouble.late_by:
            late = self._random.randint(*trouble.late_by)
        arrives = None if kind == PLAN or (trouble and trouble.late_by is None) else due - late - self._hour()
        reference = due - self._hour() if trouble and trouble.late_by != (0, 0) else (arrives or due)
        scale = self._random.uniform(0.8, 1.3)
        order = self._book.order(
            buyer,
            [line.name for line in lines],
            number=number,
            placed=placed,
            due=None if kind == PLAN else due,
            delivered=arrives,
            courier=courier,
            then=trouble.happenings(reference, cause, scale) if trouble and cause else (),
        )
        reported = reference - (trouble.reported_after if trouble else 0) * scale - self._random.uniform(0.1, 1)
        self._orders.append((buyer, order, trouble, reported))

    def _hour(self) -> float:
        """A delivery's time of day, in days after its midnight."""
        return self._random.uniform(0.35, 0.8)

    def _lines(self, kind: str) -> Sequence[Product]:
        most = 3 if kind == GOODS else 1
        return self._random.sample(BY_KIND[kind], self._random.choices(range(1, most + 1), (6, 3, 1)[:most])[0])

    def _trouble(self, kind: str, region: str, courier: str, due: float) -> tuple[Trouble | None, str]:
        """What goes wrong with an order, if anything, and its cause."""
        in_strike = region == STRIKE_REGION and courier == STRIKE_COURIER and due <= STRIKE_BEGAN
        if in_strike:
            return BY_CHALLENGE[ChallengeType.LATE_DELIVERY], "strike"
        if self._random.random() > 0.22:
            return None, ""
        fitting = [trouble for trouble in TROUBLES if kind in trouble.kinds]
        trouble = self._random.choices(fitting, [t.weight for t in fitting])[0]
        # The one strike is the running incident; earlier delays have other causes.
        causes = [cause for cause in trouble.causes if cause != "strike"]
        return trouble, self._random.choice(causes) if causes else ""

    def _write_cases(self) -> None:
        for buyer, order, trouble, reported in self._orders:
            if trouble is None or reported < 0.1 or self._random.random() > 0.8:
                continue
            self._write_case(buyer, order, trouble, reported)

    def _write_case(self, buyer: Customer, order: Order, trouble: Trouble, opened: float) -> None:
        challenge, item = trouble.challenge, order.items[0].name
        words = self._random.choice(REPORTS[challenge]).format(item=item)
        channel = self._random.choices(CHANNELS, (40, 28, 18, 8, 6))[0]
        self._book.say(buyer, opened + 0.01, channel, words, order=order, challenge=challenge)
        if self._random.random() < 0.35:
            chase = self._random.choice(CHASES).format(item=item)
            again = opened - self._random.uniform(1, 4)
            if again > 0:
                self._book.say(buyer, again, self._random.choice(CHANNELS), chase, order=order, challenge=challenge)
        closed = opened - self._random.uniform(0.5, 11)
        fails = closed > 25 and self._random.random() < 0.09
        self._one_case(buyer, order, trouble, opened, closed, failed=fails)
        if fails:  # the same problem comes back, and is made right the second time
            back = closed - self._random.uniform(2, 9)
            text = f"The {item} again: what was agreed did not happen."
            self._book.say(buyer, back + 0.01, channel, text, order=order, challenge=challenge, satisfaction=1)
            self._one_case(buyer, order, trouble, back, back - self._random.uniform(1, 8), failed=False)

    def _one_case(
        self, buyer: Customer, order: Order, trouble: Trouble, opened: float, closed: float, *, failed: bool
    ) -> None:
        cause = next((event.cause for event in reversed(order.events) if event.cause), "")
        agent = self._random.choice(AGENTS)
        severity = Severity(min(4, max(1, trouble.severity + self._random.choice((0, 0, 0, 1)))))
        notes = [(opened - 0.02, agent, "Taken down and looked into.")]
        if closed < 0.2 or (opened < 30 and self._random.random() < 0.5):
            status = self._random.choice((CaseStatus.OPEN, CaseStatus.OPEN, CaseStatus.ESCALATED))
            self._book.case(buyer, order, trouble.challenge, severity, opened=opened, status=status, notes=notes)
            return
        given = self._given(order, trouble, closed, agent)
        outcome = "; ".join(_told(one) for one in given) or self._random.choice(
            ("Explained, no compensation", "Closed without compensation", WITHDRAWN)
        )
        self._book.case(
            buyer,
            order,
            trouble.challenge,
            severity,
            opened=opened,
            closed=closed,
            outcome=outcome,
            root_cause=cause,
            failed=failed,
            notes=[*notes, (closed + 0.01, agent, "Customer told of the outcome.")],
            given=given,
        )
        if self._random.random() < 0.6:
            rating = self._random.choices((1, 2, 3, 4, 5), (1, 2, 3, 6, 5) if given else (6, 5, 3, 2, 1))[0]
            text = f"Told the outcome about the {order.items[0].name}."
            self._book.say(
                buyer, closed, "phone", text, order=order, challenge=trouble.challenge, satisfaction=rating
            )

    def _given(self, order: Order, trouble: Trouble, closed: float, agent: str) -> list[Given]:
        if self._random.random() > 0.5:
            return []
        remedy = self._random.choice(trouble.remedies)
        share = {Remedy.REFUND: 1.0, Remedy.PARTIAL_REFUND: 0.2, Remedy.CHARGE_REVERSAL: 1.0}
        pence = round(order.pence * share.get(remedy, 0))
        if remedy in (Remedy.VOUCHER, Remedy.SERVICE_CREDIT):
            pence = self._random.choice((500, 500, 1_000, 1_500))
        return [Given(remedy, pence, closed + 0.02, agent)]

    def _write_needs(self) -> None:
        for customer in self._customers:
            if customer.vulnerable:
                text = f"Told us of a support need: {customer.vulnerability_note}."
                self._book.say(customer, self._random.uniform(20, 500), "phone", text)

    def _write_talk(self, how_many: int) -> None:
        """Everyday exchanges, most of them about an order in the weeks after it."""
        placed = {order.id: self._days_ago(order) for _, order, _, _ in self._orders}
        for _ in range(how_many):
            buyer, order, _, _ = self._random.choice(self._orders)
            ago = max(0.05, placed[order.id] - self._random.uniform(0.2, 40))
            topics = (*SMALL_TALK, *TALK_OF[order.kind] * 2)
            text = self._random.choice(topics).format(item=order.items[0].name)
            rating = self._random.choices((None, 2, 3, 4, 5), (75, 2, 5, 9, 9))[0]
            channel = self._random.choices(CHANNELS, (34, 28, 22, 8, 8))[0]
            self._book.say(buyer, ago, channel, text, order=order, satisfaction=rating)

    def _days_ago(self, order: Order) -> float:
        return (self._book.moment(0) - order.placed_at).total_seconds() / 86_400


def email_of(name: str, number: int) -> str:
    """An address at a domain that is reserved for examples."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    local = ".".join("".join(c for c in word if c.isalpha()) for word in plain.split())
    return f"{local}{number}@example.{'org' if number % 3 == 0 else 'com'}"


def phone_of(number: int) -> str:
    """A mobile number out of those that Ofcom keeps for drama."""
    return f"07700 900{number:03}"


def _tiers(total: int, already: Sequence[Tier]) -> list[Tier]:
    """What remains of 70, 20 and 10 in a hundred."""
    wanted = {Tier.SILVER: total * 20 // 100, Tier.GOLD: total * 10 // 100}
    wanted[Tier.STANDARD] = total - sum(wanted.values())
    return [tier for tier, n in wanted.items() for _ in range(n - already.count(tier))]


def _told(given: Given) -> str:
    words = given.remedy.replace("_", " ").capitalize()
    return f"{words} of £{given.pence / 100:.2f}" if given.pence else words
