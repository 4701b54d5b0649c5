"""What befell the named customers of the demo company, one story a function.

The orders of customer C0nn are numbered 10nn1, 10nn2 and so on, the one that the story is about last. Ages are days
before today began: 0.4 is yesterday afternoon.
"""

from functools import partial

from crm_adapter.book import Book, Given, Happening
from crm_adapter.troubles import DETAILS
from recovery.records import Customer, Order
from recovery.words import CaseStatus, ChallengeType, OrderEventKind, Remedy, Severity

E, C, R = OrderEventKind, ChallengeType, Remedy
SWIFT, NORTH, BEE = "SwiftShip", "Northway", "ParcelBee"


class Story:
    """The book as one customer's own: entries are theirs, and orders get their numbers."""

    def __init__(self, book: Book, customer: Customer) -> None:
        self._customer = customer
        self._next = 10_001 + 10 * int(customer.id.removeprefix("C"))
        self._order = book.order
        self.say = partial(book.say, customer)
        self.case = partial(book.case, customer)

    def order(
        self,
        *lines: str,
        placed: float,
        due: float | None = None,
        delivered: float | None = None,
        courier: str = "",
        then: tuple[Happening, ...] = (),
    ) -> Order:
        number, self._next = self._next, self._next + 1
        return self._order(
            self._customer,
            lines,
            number=number,
            placed=placed,
            due=due,
            delivered=delivered,
            courier=courier,
            then=then,
        )


def _why(what: OrderEventKind, days_ago: float, cause: str) -> Happening:
    return what, days_ago, cause, DETAILS[cause]


def late_in_the_strike(s: Story) -> None:
    earlier = s.order(
        "Reading lamp",
        placed=57.4,
        due=53,
        delivered=46.4,
        courier=SWIFT,
        then=(_why(E.COURIER_DELAY, 53.5, "depot_backlog"),),
    )
    s.say(50.3, "phone", "Asked where the Reading lamp is; promised day has passed.", order=earlier)
    s.case(
        earlier,
        C.LATE_DELIVERY,
        Severity.MINOR,
        opened=50.3,
        closed=45.5,
        outcome="Delivered late, closed without compensation",
        root_cause="depot_backlog",
        notes=((50.3, "Tom Ellis", "Depot says it is on tomorrow's van."),),
    )
    s.say(45.5, "phone", "Told the outcome about the Reading lamp.", order=earlier, satisfaction=2)
    s.order("Copper kettle", placed=8.6, due=3, courier=SWIFT, then=(_why(E.COURIER_DELAY, 3.4, "strike"),))


def lost(s: Story) -> None:
    s.order("Steam iron", placed=120.4, due=116, delivered=115.5, courier=NORTH)
    s.order(
        "Espresso machine",
        placed=15.5,
        due=11,
        courier=NORTH,
        then=((E.DELIVERY_ATTEMPTED, 10.6, "", "No answer"), _why(E.LOST, 2.5, "lost_in_transit")),
    )


def damaged(s: Story) -> None:
    s.order("Linen bedding set", placed=150.5, due=146, delivered=145.4, courier=BEE)
    s.order(
        "Stoneware dinner set",
        placed=5.5,
        due=1,
        delivered=0.45,
        courier=BEE,
        then=(_why(E.DAMAGE_RECORDED, 0.3, "transit_damage"),),
    )


def wrong_item(s: Story) -> None:
    s.order("Watering can", placed=210.5, due=205, delivered=204.4, courier=BEE)
    s.order(
        "Blackout curtains",
        placed=7.5,
        due=3,
        delivered=2.5,
        courier=NORTH,
        then=(_why(E.PICK_ERROR, 1.4, "picking_error"),),
    )


def missing_item(s: Story) -> None:
    s.order(
        "Afternoon tea hamper",
        "Crystal wine glasses",
        placed=6.6,
        due=2,
        delivered=1.5,
        courier=BEE,
        then=(_why(E.STOCK_SHORT, 5.9, "stock_error"),),
    )


def faulty(s: Story) -> None:
    s.order(
        "Air fryer",
        placed=34.5,
        due=30,
        delivered=29.5,
        courier=NORTH,
        then=(_why(E.BATCH_FAULT, 4.5, "batch_fault"),),
    )


def not_as_described(s: Story) -> None:
    s.order(
        "Oak bedside table",
        placed=13.5,
        due=8,
        delivered=7.4,
        courier=NORTH,
        then=(_why(E.LISTING_CORRECTED, 3.5, "listing_error"),),
    )


def refund_late(s: Story) -> None:
    order = s.order(
        "Noise-cancelling headphones",
        placed=48.5,
        due=44,
        delivered=43.4,
        courier=BEE,
        then=(
            (E.RETURN_REQUESTED, 38.4, "", ""),
            (E.RETURN_RECEIVED, 21.4, "", ""),
            _why(E.REFUND_APPROVED, 20.4, "refund_queue"),
        ),
    )
    s.say(9.4, "email", "Asked when the refund for the headphones will be in the account.", order=order)


def charged_twice(s: Story) -> None:
    s.order(
        "Wool rug",
        placed=9.5,
        due=4,
        delivered=3.5,
        courier=NORTH,
        then=(_why(E.DUPLICATE_PAYMENT, 9.3, "duplicate_charge"),),
    )


def renewed_wrongly(s: Story) -> None:
    s.order("Harbour Club membership", placed=369.5, then=(_why(E.PLAN_RENEWED, 4.4, "renewal_error"),))


def charged_after_cancelling(s: Story) -> None:
    booking = s.order(
        "Cookery class",
        placed=33.5,
        due=6,
        then=(
            (E.CANCELLATION_REQUESTED, 24.4, "", "By e-mail"),
            _why(E.CANCELLATION_MISSED, 20.4, "cancellation_missed"),
        ),
    )
    s.say(24.4, "email", "Asked to cancel the Cookery class. Confirmed by e-mail.", order=booking)


def collection_missed(s: Story) -> None:
    s.order(
        "Tower fan",
        placed=23.5,
        due=18,
        delivered=17.5,
        courier=BEE,
        then=((E.RETURN_REQUESTED, 8.4, "", ""), _why(E.COLLECTION_MISSED, 2.4, "collection_missed")),
    )


def locked_out(s: Story) -> None:
    s.order("Music streaming plan", placed=160.5, then=(_why(E.ACCOUNT_LOCKED, 1.3, "lockout"),))


def service_down(s: Story) -> None:
    s.order("Fibre broadband 100", placed=300.5, then=(_why(E.SERVICE_DOWN, 2.3, "network_fault"),))


def appointment_missed(s: Story) -> None:
    s.order("Oven repair visit", placed=9.4, due=1, then=(_why(E.APPOINTMENT_MISSED, 0.5, "technician_ill"),))


def rude_technician(s: Story) -> None:
    visit = s.order("Washing machine installation", placed=12.4, due=2, delivered=1.5)
    s.say(1.2, "phone", "Felt talked down to by the technician. Line broke off.", order=visit)


def leaked_details(s: Story) -> None:
    order = s.order("Smart doorbell", placed=20.5, due=15, delivered=14.5, courier=NORTH)
    s.say(1.4, "email", "Got an e-mail with somebody else's address on it.", order=order)


def smoking_radiator(s: Story) -> None:
    order = s.order(
        "Oil-filled radiator",
        placed=25.5,
        due=20,
        delivered=19.5,
        courier=BEE,
        then=(_why(E.BATCH_FAULT, 1.6, "batch_fault"),),
    )
    s.say(0.8, "phone", "Radiator smells of burning. Told to switch it off at the wall.", order=order)


def gold(s: Story) -> None:
    for placed, item in ((330.5, "Stand mixer"), (210.5, "Garden bench"), (95.5, "Fridge freezer")):
        s.order(item, placed=placed, due=placed - 4.5, delivered=placed - 5, courier=NORTH)
    s.say(90.3, "web", "Praised the driver who brought the Fridge freezer.", satisfaction=5)
    s.order(
        "Two-seater sofa",
        placed=16.5,
        due=5,
        courier=NORTH,
        then=(_why(E.COURIER_DELAY, 5.6, "weather"),),
    )


def vulnerable(s: Story) -> None:
    s.say(140.3, "phone", "Told us of a support need: please ring twice and allow time to come to the door.")
    order = s.order(
        "Washing machine",
        placed=18.5,
        due=12,
        courier=BEE,
        then=((E.DELIVERY_ATTEMPTED, 11.5, "", "No answer"), _why(E.LOST, 3.4, "lost_in_transit")),
    )
    s.say(10.3, "phone", "Asked where the Washing machine is. Has no other way to wash at home.", order=order)


def failed_once(s: Story) -> None:
    order = s.order(
        "Tumble dryer",
        placed=40.5,
        due=35,
        delivered=34.5,
        courier=NORTH,
        then=(_why(E.BATCH_FAULT, 27.5, "batch_fault"),),
    )
    s.say(26.4, "web", "Tumble dryer stopped in mid-cycle.", order=order, challenge=C.FAULTY_PRODUCT)
    _recovered(s, order, C.FAULTY_PRODUCT, 26.4, 19.4, Given(R.REPAIR_VISIT, 0, 24.4), "batch_fault")


def failed_twice(s: Story) -> None:
    order = s.order(
        "Slimline dishwasher",
        placed=62.5,
        due=57,
        delivered=56.5,
        courier=NORTH,
        then=(_why(E.BATCH_FAULT, 50.5, "batch_fault"),),
    )
    s.say(49.4, "phone", "Dishwasher leaves water standing.", order=order, challenge=C.FAULTY_PRODUCT)
    _recovered(s, order, C.FAULTY_PRODUCT, 49.4, 41.4, Given(R.REPAIR_VISIT, 0, 46.4), "batch_fault")
    s.say(30.4, "phone", "Dishwasher again; same fault.", order=order, challenge=C.FAULTY_PRODUCT, satisfaction=1)
    _recovered(s, order, C.FAULTY_PRODUCT, 30.4, 12.4, Given(R.COLLECT_AND_SWAP, 0, 26.4), "batch_fault")


def _recovered(
    s: Story,
    order: Order | None,
    challenge: ChallengeType,
    opened: float,
    closed: float,
    given: Given,
    cause: str,
    *,
    failed: bool = True,
) -> None:
    s.case(
        order,
        challenge,
        Severity.MODERATE,
        opened=opened,
        closed=closed,
        outcome=given.remedy.replace("_", " ").capitalize(),
        root_cause=cause,
        failed=failed,
        given=(given,),
    )


def goodwill_spent(s: Story) -> None:
    for placed, item, pence in (
        (250.5, "Pine bookcase", 2_500),
        (160.5, "Bluetooth speaker", 2_500),
        (100.5, "Goose-down duvet", 2_000),
    ):
        due = placed - 4.5
        then = (_why(E.COURIER_DELAY, due + 0.3, "misrouted"),)
        order = s.order(item, placed=placed, due=due, delivered=due - 3.5, courier=BEE, then=then)
        voucher = Given(R.VOUCHER, pence, due - 4)
        _recovered(s, order, C.LATE_DELIVERY, due - 1.3, due - 4.3, voucher, "misrouted", failed=False)
    s.order(
        "Charcoal barbecue",
        placed=9.5,
        due=2,
        courier=BEE,
        then=(_why(E.COURIER_DELAY, 2.4, "depot_backlog"),),
    )


def all_alike(s: Story) -> None:
    for placed in (50.5, 39.5, 28.5, 17.5, 8.5):
        s.order("Ground coffee, 1 kg", placed=placed, due=placed - 3.5, delivered=placed - 4, courier=BEE)


def no_orders(s: Story) -> None:
    s.say(30.4, "store", "Signed up in the shop; nothing bought yet.")


def open_case(s: Story) -> None:
    order = s.order(
        "Memory foam mattress",
        placed=19.5,
        due=9,
        courier=NORTH,
        then=(_why(E.COURIER_DELAY, 9.4, "misrouted"),),
    )
    s.say(6.4, "phone", "Mattress late. Promised a call back by Friday.", order=order, challenge=C.LATE_DELIVERY)
    s.case(
        order,
        C.LATE_DELIVERY,
        Severity.MODERATE,
        opened=6.4,
        status=CaseStatus.ESCALATED,
        notes=((6.4, "Grace Okafor", "Asked Northway's depot to look for it."),),
    )
    s.say(2.4, "phone", "Wanted to know why nobody rang back about the mattress.", order=order)


def several_problems(s: Story) -> None:
    s.order(
        "Tablet, 128 GB",
        placed=14.5,
        due=9,
        delivered=8.5,
        courier=NORTH,
        then=(_why(E.DUPLICATE_PAYMENT, 14.2, "duplicate_charge"),),
    )
    s.order("Wooden train set", placed=8.5, due=2, courier=BEE, then=(_why(E.COURIER_DELAY, 2.4, "weather"),))


def all_well(s: Story) -> None:
    s.order("Cordless vacuum cleaner", placed=31.5, due=27, delivered=26.5, courier=NORTH)
    s.order("Laptop sleeve", placed=1.6, due=-3, courier=NORTH)
