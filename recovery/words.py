"""The words of the glossary that code branches on. Their meaning is in docs/glossary.md."""

from enum import IntEnum, StrEnum


class DialogueAct(StrEnum):
    """The main purpose of a message (Rasa's intent)."""

    REPORT_PROBLEM = "report_problem"
    ASK_STATUS = "ask_status"
    ASK_INFO = "ask_info"
    INFORM = "inform"
    REQUEST_HUMAN = "request_human"
    AFFIRM = "affirm"
    DENY = "deny"
    ACCEPT_OFFER = "accept_offer"
    REJECT_OFFER = "reject_offer"
    COMPLAIN_ABOUT_BOT = "complain_about_bot"
    THANK = "thank"
    GREET = "greet"
    GOODBYE = "goodbye"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"


class ChallengeType(StrEnum):
    """What went wrong."""

    LATE_DELIVERY = "late_delivery"
    LOST_PARCEL = "lost_parcel"
    DAMAGED_ITEM = "damaged_item"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    FAULTY_PRODUCT = "faulty_product"
    NOT_AS_DESCRIBED = "not_as_described"
    REFUND_DELAY = "refund_delay"
    BILLING_ERROR = "billing_error"
    SUBSCRIPTION_PROBLEM = "subscription_problem"
    CANCELLATION_PROBLEM = "cancellation_problem"
    RETURN_PROBLEM = "return_problem"
    ACCOUNT_ACCESS = "account_access"
    SERVICE_OUTAGE = "service_outage"
    MISSED_APPOINTMENT = "missed_appointment"
    STAFF_CONDUCT = "staff_conduct"
    PRIVACY_SECURITY = "privacy_security"
    SAFETY_INCIDENT = "safety_incident"


class Trigger(StrEnum):
    """Evidence, in a message or a history, that a challenge is brewing or getting worse."""

    REPEATED_CONTACT = "repeated_contact"
    BROKEN_PROMISE = "broken_promise"
    LONG_WAIT = "long_wait"
    FINANCIAL_LOSS = "financial_loss"
    URGENT_DEADLINE = "urgent_deadline"
    VULNERABILITY = "vulnerability"
    CHURN_THREAT = "churn_threat"
    LEGAL_THREAT = "legal_threat"
    MEDIA_THREAT = "media_threat"
    SAFETY_RISK = "safety_risk"
    FRAUD_RISK = "fraud_risk"
    ABUSIVE_LANGUAGE = "abusive_language"
    BOT_FAILURE = "bot_failure"
    HUMAN_REQUEST = "human_request"


class Severity(IntEnum):
    """The harm to the customer. Never mixed with frustration."""

    MINOR = 1
    MODERATE = 2
    MAJOR = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class FrustrationLevel(IntEnum):
    """The customer's emotion towards us."""

    CALM = 0
    ANNOYED = 1
    FRUSTRATED = 2
    FURIOUS = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class RecoveryStep(StrEnum):
    """LATER: the steps a good recovery takes."""

    LISTEN = "listen"
    APOLOGISE = "apologise"
    THANK = "thank"
    EXPLAIN = "explain"
    RESOLVE = "resolve"


class Tier(StrEnum):
    """How long and how much a customer has been with the company."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


class Fault(StrEnum):
    """Whose doing a failure was."""

    COMPANY = "company"
    CARRIER = "carrier"
    PARTNER = "partner"
    CUSTOMER = "customer"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    """What a recovery can give."""

    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    REPLACEMENT = "replacement"
    RESEND_MISSING = "resend_missing"
    COLLECT_AND_SWAP = "collect_and_swap"
    REPAIR_VISIT = "repair_visit"
    PRIORITY_DELIVERY = "priority_delivery"
    TRACE_PARCEL = "trace_parcel"
    REFUND_CHASE = "refund_chase"
    CHARGE_REVERSAL = "charge_reversal"
    PLAN_CORRECTION = "plan_correction"
    CANCEL_AND_CONFIRM = "cancel_and_confirm"
    COLLECTION_BOOKING = "collection_booking"
    ACCESS_RESET = "access_reset"
    SERVICE_CREDIT = "service_credit"
    REBOOK_PRIORITY = "rebook_priority"
    VOUCHER = "voucher"
    MANAGER_APOLOGY = "manager_apology"
    CALLBACK = "callback"
    LOYALTY_REWARD = "loyalty_reward"  # a gift after a recovery that held; never part of one


class Stage(StrEnum):
    """Where a conversation stands: Rasa's rules branch on it (slot `stage`)."""

    OPEN = "open"
    IDENTIFYING = "identifying"
    VERIFYING = "verifying"
    OFFERING = "offering"
    CONFIRMING = "confirming"
    BOOKED = "booked"
    CHECKING_BACK = "checking_back"
    SURVEYING = "surveying"
    COMMENTING = "commenting"
    HANDED_OVER = "handed_over"


class Role(StrEnum):
    """Who may grant, read and change. Ordered by empowerment in the playbook, not here."""

    BOT = "bot"
    AGENT = "agent"
    SPECIALIST = "specialist"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self in (CaseStatus.OPEN, CaseStatus.ESCALATED)


class OrderEventKind(StrEnum):
    """What can happen to an order, a plan, a booking or its money."""

    PLACED = "placed"
    PROMISED = "promised"
    PACKED = "packed"
    DISPATCHED = "dispatched"
    COURIER_DELAY = "courier_delay"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELIVERED = "delivered"
    LOST = "lost"
    PICK_ERROR = "pick_error"
    STOCK_SHORT = "stock_short"
    DAMAGE_RECORDED = "damage_recorded"
    BATCH_FAULT = "batch_fault"
    LISTING_CORRECTED = "listing_corrected"
    RETURN_REQUESTED = "return_requested"
    COLLECTION_MISSED = "collection_missed"
    RETURN_RECEIVED = "return_received"
    REFUND_APPROVED = "refund_approved"
    REFUND_SENT = "refund_sent"
    PAYMENT_TAKEN = "payment_taken"
    DUPLICATE_PAYMENT = "duplicate_payment"
    PLAN_RENEWED = "plan_renewed"
    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLATION_MISSED = "cancellation_missed"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_MISSED = "appointment_missed"
    SERVICE_DOWN = "service_down"
    SERVICE_RESTORED = "service_restored"
    ACCOUNT_LOCKED = "account_locked"


class EvidenceKind(StrEnum):
    """The kinds of stored record that a reason may cite."""

    MESSAGE = "message"
    INTERACTION = "interaction"
    ORDER_EVENT = "order event"
    CASE = "case"
    COMPENSATION = "compensation"


class FollowUpKind(StrEnum):
    """What is asked after a recovery."""

    CHECK_BACK = "check_back"
    SURVEY = "survey"
