"""Challenges that customers take for one another."""

from recovery.words import ChallengeType

# What customers confuse, so that the second mention is a correction and not another problem.
KIN = (
    frozenset({ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL}),
    frozenset(
        {
            ChallengeType.DAMAGED_ITEM,
            ChallengeType.FAULTY_PRODUCT,
            ChallengeType.NOT_AS_DESCRIBED,
            ChallengeType.WRONG_ITEM,
        }
    ),
    frozenset({ChallengeType.REFUND_DELAY, ChallengeType.RETURN_PROBLEM, ChallengeType.BILLING_ERROR}),
    frozenset({ChallengeType.SUBSCRIPTION_PROBLEM, ChallengeType.CANCELLATION_PROBLEM, ChallengeType.BILLING_ERROR}),
)


def kin(one: ChallengeType, other: ChallengeType) -> bool:
    """Whether they are the same, or what customers take for the same."""
    return one is other or any(one in k and other in k for k in KIN)
