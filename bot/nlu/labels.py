"""The labels a message may carry; what each means is in the labelling guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # `bot.encoder.adapt` reads the labels where no Rasa is
    from rasa.shared.nlu.training_data.message import Message

ACTS = (
    "report_problem", "ask_status", "ask_info", "inform", "request_human", "affirm", "deny", "accept_offer",
    "reject_offer", "complain_about_bot", "thank", "greet", "goodbye", "chitchat", "out_of_scope",
)  # fmt: skip
CHALLENGES = (
    "late_delivery", "lost_parcel", "damaged_item", "wrong_item", "missing_item", "faulty_product",
    "not_as_described", "refund_delay", "billing_error", "subscription_problem", "cancellation_problem",
    "return_problem", "account_access", "service_outage", "missed_appointment", "staff_conduct",
    "privacy_security", "safety_incident",
)  # fmt: skip
LEVELS = (0, 1, 2, 3)
TRIGGERS = (
    "repeated_contact", "broken_promise", "long_wait", "financial_loss", "urgent_deadline", "vulnerability",
    "churn_threat", "legal_threat", "media_threat", "safety_risk", "fraud_risk", "abusive_language",
    "bot_failure", "human_request",
)  # fmt: skip
AT_LEAST = tuple(f"at_least_{level}" for level in LEVELS[1:])  # the ordinal questions of the frustration head
HEADS = {"acts": ACTS, "challenges": CHALLENGES, "triggers": TRIGGERS, "frustration": AT_LEAST}


def columns(head: str) -> slice:
    """Where a head's labels stand among all heads' labels, one after another."""
    sizes = [len(labels) for labels in HEADS.values()]
    start = sum(sizes[: list(HEADS).index(head)])
    return slice(start, start + len(HEADS[head]))


def example_labels(message: Message) -> dict[str, Any] | None:
    """The labels written beside a training example; None where an example carries none."""
    metadata = message.get("metadata") or {}
    labels = metadata.get("example")
    return labels if isinstance(labels, dict) and "frustration" in labels else None
