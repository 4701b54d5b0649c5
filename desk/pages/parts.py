"""What the staff's pages need from outside. The rest they take from the desk that they are part of."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from casework.contingencies import Contingencies
from casework.crm import Crm
from casework.granting import GrantBook, Granting
from casework.learning import Learning
from casework.ports import Clock, Records
from casework.reading import Reader, Reading
from casework.saved_replies import SavedReplies
from casework.staff import SignIn
from casework.wording import Wording
from desk.pages.rendering import Templates
from recovery.playbook import Playbook


@dataclass(frozen=True, slots=True)
class StaffParts:
    """Stories and ports. `zone` is the company's time zone, in which its people read times and ask for dates."""

    records: Records
    crm: Crm
    playbook: Callable[[], Playbook]
    clock: Clock
    sign_in: SignIn
    reader: Reader
    granting: Granting
    learning: Learning
    contingencies: Contingencies
    saved_replies: SavedReplies
    zone: ZoneInfo
    templates: Templates


def staff_parts(
    records: Records,
    reading: Reading,
    grants: GrantBook,
    crm: Crm,
    playbook: Callable[[], Playbook],
    clock: Clock,
    zone: ZoneInfo,
    wording: Wording,
) -> StaffParts:
    """Put the pages' stories together."""
    return StaffParts(
        records,
        crm,
        playbook,
        clock,
        SignIn(records.users, clock),
        Reader(reading, clock),
        Granting(crm, reading, records.recoveries, grants, playbook, clock, wording, records.surroundings),
        Learning(records.reviews, clock, zone),
        Contingencies(records.contingencies, playbook, clock),
        SavedReplies(records.saved_replies, clock),
        zone,
        Templates(zone),
    )
