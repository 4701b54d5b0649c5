"""How orders go wrong in the demo company: for each challenge type, what then happens and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_adapter.book import Happening
from crm_adapter.catalogue import BOOKING, GOODS, PLAN, SERVICE
from recovery.words import ChallengeType, OrderEventKind, Remedy, Severity

E, C, R = OrderEventKind, ChallengeType, Remedy

DETAILS = {
    "strike": "Depot closed by industrial action",
    "weather": "Roads to the depot closed by weather",
    "depot_backlog": "Held at the depot behind a backlog",
    "misrouted": "Sorted to the wrong depot",
    "lost_in_transit": "No scan since the depot; search without result",
    "packing_error": "Item left on the packing bench",
    "picking_error": "Shelf count shows the neighbouring item was picked",
    "stock_error": "System stock was one too high",
    "transit_damage": "Driver's photograph shows a crushed corner",
    "batch_fault": "Supplier notice about this batch",
    "listing_error": "Measurements in the listing were wrong",
    "refund_queue": "Waiting for the payments team",
    "duplicate_charge": "Card charged a second time",
    "renewal_error": "Renewed at the full price instead of the agreed one",
    "cancellation_missed": "Request was not passed on to billing",
    "collection_missed": "Driver did not call",
    "lockout": "Locked after a security update",
    "network_fault": "Fault at the local exchange",
    "technician_ill": "Technician off sick, no cover found",
    "technician_overrun": "Visit before took longer than planned",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to fail. `steps` are (what, days after the due day or the delivery, whether it has the cause)."""

    challenge: ChallengeType
    kinds: tuple[str, ...]
    causes: tuple[str, ...]
    steps: tuple[tuple[OrderEventKind, float, bool], ...]
    severity: Severity
    remedies: tuple[Remedy, ...]
    weight: int
    late_by: tuple[int, int] | None = (0, 0)  # how many days late it comes; None: it never does
    reported_after: float = 1.0

    def happenings(self, reference: float, cause: str, scale: float) -> Sequence[Happening]:
        """What happens, in days ago, when the reference day is `reference` days ago."""
        return [
            (what, reference - after * scale, cause if caused else "", DETAILS[cause] if caused else "")
            for what, after, caused in self.steps
        ]


TROUBLES = (
    Trouble(
        C.LATE_DELIVERY,
        (GOODS,),
        ("strike", "weather", "depot_backlog", "misrouted"),
        ((E.COURIER_DELAY, -0.3, True),),
        Severity.MINOR,
        (R.VOUCHER, R.PRIORITY_DELIVERY),
        30,
        late_by=(2, 8),
    ),
    Trouble(
        C.LOST_PARCEL,
        (GOODS,),
        ("lost_in_transit",),
        ((E.DELIVERY_ATTEMPTED, 0.4, False), (E.LOST, 4, True)),
        Severity.MODERATE,
        (R.REPLACEMENT, R.REFUND),
        12,
        late_by=None,
        reported_after=5,
    ),
    Trouble(
        C.DAMAGED_ITEM,
        (GOODS,),
        ("transit_damage",),
        ((E.DAMAGE_RECORDED, 0.4, True),),
        Severity.MODERATE,
        (R.REPLACEMENT, R.PARTIAL_REFUND, R.COLLECT_AND_SWAP),
        18,
    ),
    Trouble(
        C.WRONG_ITEM,
        (GOODS,),
        ("picking_error",),
        ((E.PICK_ERROR, 0.8, True),),
        Severity.MODERATE,
        (R.COLLECT_AND_SWAP, R.REFUND),
        14,
    ),
    Trouble(
        C.MISSING_ITEM,
        (GOODS,),
        ("stock_error", "packing_error"),
        ((E.STOCK_SHORT, 0.6, True),),
        Severity.MINOR,
        (R.RESEND_MISSING, R.PARTIAL_REFUND),
        14,
    ),
    Trouble(
        C.FAULTY_PRODUCT,
        (GOODS,),
        ("batch_fault",),
        ((E.BATCH_FAULT, 12, True),),
        Severity.MODERATE,
        (R.COLLECT_AND_SWAP, R.REPAIR_VISIT, R.REFUND),
        16,
        reported_after=13,
    ),
    Trouble(
        C.NOT_AS_DESCRIBED,
        (GOODS,),
        ("listing_error",),
        ((E.LISTING_CORRECTED, 3, True),),
        Severity.MINOR,
        (R.PARTIAL_REFUND, R.REFUND),
        10,
        reported_after=2,
    ),
    Trouble(
        C.REFUND_DELAY,
        (GOODS, BOOKING),
        ("refund_queue",),
        ((E.RETURN_REQUESTED, 4, False), (E.RETURN_RECEIVED, 9, False), (E.REFUND_APPROVED, 10, True)),
        Severity.MODERATE,
        (R.REFUND_CHASE, R.VOUCHER),
        16,
        reported_after=22,
    ),
    Trouble(
        C.RETURN_PROBLEM,
        (GOODS,),
        ("collection_missed",),
        ((E.RETURN_REQUESTED, 3, False), (E.COLLECTION_MISSED, 6, True)),
        Severity.MINOR,
        (R.COLLECTION_BOOKING, R.VOUCHER),
        12,
        reported_after=7,
    ),
    Trouble(
        C.BILLING_ERROR,
        (GOODS, PLAN, SERVICE, BOOKING),
        ("duplicate_charge",),
        ((E.DUPLICATE_PAYMENT, 0.1, True),),
        Severity.MODERATE,
        (R.CHARGE_REVERSAL, R.VOUCHER),
        14,
        reported_after=3,
    ),
    Trouble(
        C.SUBSCRIPTION_PROBLEM,
        (PLAN,),
        ("renewal_error",),
        ((E.PLAN_RENEWED, 30, True),),
        Severity.MINOR,
        (R.PLAN_CORRECTION, R.SERVICE_CREDIT),
        26,
        reported_after=32,
    ),
    Trouble(
        C.CANCELLATION_PROBLEM,
        (BOOKING,),
        ("cancellation_missed",),
        ((E.CANCELLATION_REQUESTED, -4, False), (E.CANCELLATION_MISSED, -3, True)),
        Severity.MODERATE,
        (R.CANCEL_AND_CONFIRM, R.REFUND),
        60,
        reported_after=1,
    ),
    Trouble(
        C.ACCOUNT_ACCESS,
        (PLAN,),
        ("lockout",),
        ((E.ACCOUNT_LOCKED, 18, True),),
        Severity.MINOR,
        (R.ACCESS_RESET, R.SERVICE_CREDIT),
        50,
        reported_after=18.2,
    ),
    Trouble(
        C.SERVICE_OUTAGE,
        (PLAN,),
        ("network_fault",),
        ((E.SERVICE_DOWN, 14, True), (E.SERVICE_RESTORED, 16, False)),
        Severity.MODERATE,
        (R.SERVICE_CREDIT,),
        30,
        reported_after=14.3,
    ),
    Trouble(
        C.MISSED_APPOINTMENT,
        (SERVICE, BOOKING),
        ("technician_ill", "technician_overrun"),
        ((E.APPOINTMENT_MISSED, 0.1, True), (E.APPOINTMENT_BOOKED, 1.2, False)),
        Severity.MODERATE,
        (R.REBOOK_PRIORITY, R.VOUCHER),
        70,
        late_by=(4, 9),
        reported_after=0.3,
    ),
    # No event of an order tells of these: only people do.
    Trouble(C.STAFF_CONDUCT, (GOODS, SERVICE, BOOKING), (), (), Severity.MODERATE, (R.MANAGER_APOLOGY,), 7),
    Trouble(C.PRIVACY_SECURITY, (GOODS, PLAN), (), (), Severity.MAJOR, (R.CALLBACK,), 5),
    Trouble(C.SAFETY_INCIDENT, (GOODS, SERVICE), (), (), Severity.CRITICAL, (R.CALLBACK, R.REFUND), 5),
)
BY_CHALLENGE = {trouble.challenge: trouble for trouble in TROUBLES}

# What a customer says about each, as the person who took it down wrote it. {item} is what the order is called.
REPORTS: dict[ChallengeType, tuple[str, ...]] = {
    C.LATE_DELIVERY: (
        "Asked where the {item} is; promised day has passed.",
        "{item} late. Took the day off to be in and nobody came.",
        "Wanted a new delivery day for the {item}. Told it is with the courier.",
    ),
    C.LOST_PARCEL: (
        "Tracking for the {item} has not moved for days. Trace started.",
        "Says the {item} never arrived. Neighbours asked, nothing there.",
    ),
    C.DAMAGED_ITEM: (
        "{item} arrived with damage; photographs sent in.",
        "Box was crushed and the {item} is scratched.",
    ),
    C.WRONG_ITEM: ("Ordered {item}, something else was in the box.", "Wrong colour of {item} sent."),
    C.MISSING_ITEM: ("Part of the order was not in the parcel ({item}).", "{item}: fittings missing from the box."),
    C.FAULTY_PRODUCT: (
        "{item} stopped working. Went through the checks together, no change.",
        "{item} makes a grinding noise since last week.",
    ),
    C.NOT_AS_DESCRIBED: (
        "{item} is not what the page said; measurements differ.",
        "Disappointed: {item} looks nothing like the picture.",
    ),
    C.REFUND_DELAY: (
        "Still waiting for the money back for the {item}.",
        "Asked when the refund for the {item} will be in the account.",
    ),
    C.BILLING_ERROR: ("Charged twice for the {item}; statement checked.", "Amount taken for {item} is too high."),
    C.SUBSCRIPTION_PROBLEM: (
        "{item} renewed at a higher price than agreed.",
        "Asked why the {item} changed without notice.",
    ),
    C.CANCELLATION_PROBLEM: (
        "Cancelled the {item} last month and was charged again.",
        "Tried three times to cancel the {item}.",
    ),
    C.RETURN_PROBLEM: (
        "Waited in for the collection of the {item}; nobody came.",
        "Return label for the {item} does not scan.",
    ),
    C.ACCOUNT_ACCESS: ("Locked out of the account for the {item}.", "No reset e-mail arrives ({item})."),
    C.SERVICE_OUTAGE: ("{item} down since this morning.", "No connection for two days ({item})."),
    C.MISSED_APPOINTMENT: (
        "Nobody came for the {item}. Waited in all morning.",
        "{item}: moved at an hour's notice for the second time.",
    ),
    C.STAFF_CONDUCT: ("Felt talked down to about the {item}.", "Driver was rude when bringing the {item}."),
    C.PRIVACY_SECURITY: (
        "Got an e-mail with somebody else's address on it ({item}).",
        "Sees an order in the account that is not theirs, beside the {item}.",
    ),
    C.SAFETY_INCIDENT: (
        "{item} gave off smoke. Told to switch it off at the wall; passed on at once.",
        "{item}: sharp edge, small cut to the hand. Passed on to the safety team.",
    ),
}
