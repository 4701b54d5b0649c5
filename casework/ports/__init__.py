"""What the stories need of our own records. `store` implements these ports; no SQL is known above it.

Every method may raise `Unavailable`. Every change that a page or a chat must see is signalled in its own transaction.
"""

from typing import Protocol

from casework.ports.channels import (
    Arrival,
    Deliveries,
    Identities,
    Lease,
    Leases,
    Link,
    Outgoing,
    SentButtons,
    WaitLine,
    WaitLines,
)
from casework.ports.codes import CodeBook, Issued, Mail, Mailer, MailFailed, NewCode, Tried
from casework.ports.files import (
    ROOM,
    Attachment,
    Attachments,
    Budget,
    Files,
    FileState,
    NewAttachment,
    NoRoom,
    Room,
    Sent,
)
from casework.ports.learning import Reviews
from casework.ports.people import (
    UNREAD,
    Alert,
    Alerts,
    Handoff,
    Handoffs,
    Looks,
    Note,
    Notes,
    OwnerChange,
    OwnershipStore,
    Rated,
    SavedReply,
    SavedReplyBook,
    Staff,
    Survey,
    Surveys,
    Transition,
    Users,
)
from casework.ports.procedures import Begun, Procedures
from casework.ports.surroundings import (
    ContingencyBook,
    ContingencyRead,
    NewContingency,
    Overdrawn,
    Surroundings,
    Switched,
)
from casework.ports.talk import (
    Author,
    Button,
    Clock,
    Conversation,
    Conversations,
    Inbound,
    Json,
    Message,
    Messages,
    Outbound,
    Owner,
    Phrases,
    Received,
    Signal,
    Signals,
    Status,
)
from casework.ports.turn import (
    Decision,
    EndedHow,
    FollowUpMessage,
    FollowUpStore,
    KeptRecovery,
    NewAlert,
    NewHandoff,
    Now,
    OpenTurn,
    PassedOn,
    Recoveries,
    StepTaken,
    SurveyNews,
    TurnRecord,
    TurnStore,
)

__all__ = [
    "ROOM",
    "UNREAD",
    "Alert",
    "Alerts",
    "Arrival",
    "Attachment",
    "Attachments",
    "Author",
    "Begun",
    "Budget",
    "Button",
    "Clock",
    "CodeBook",
    "ContingencyBook",
    "ContingencyRead",
    "Conversation",
    "Conversations",
    "Decision",
    "Deliveries",
    "EndedHow",
    "FileState",
    "Files",
    "FollowUpMessage",
    "FollowUpStore",
    "Handoff",
    "Handoffs",
    "Identities",
    "Inbound",
    "Issued",
    "Json",
    "KeptRecovery",
    "Lease",
    "Leases",
    "Link",
    "Looks",
    "Mail",
    "MailFailed",
    "Mailer",
    "Message",
    "Messages",
    "NewAlert",
    "NewAttachment",
    "NewCode",
    "NewContingency",
    "NewHandoff",
    "NoRoom",
    "Note",
    "Notes",
    "Now",
    "OpenTurn",
    "Outbound",
    "Outgoing",
    "Overdrawn",
    "Owner",
    "OwnerChange",
    "OwnershipStore",
    "PassedOn",
    "Phrases",
    "Procedures",
    "Rated",
    "Received",
    "Records",
    "Recoveries",
    "Reviews",
    "Room",
    "SavedReply",
    "SavedReplyBook",
    "Sent",
    "SentButtons",
    "Signal",
    "Signals",
    "Staff",
    "Status",
    "StepTaken",
    "Surroundings",
    "Survey",
    "SurveyNews",
    "Surveys",
    "Switched",
    "Transition",
    "Tried",
    "TurnRecord",
    "TurnStore",
    "Users",
    "WaitLine",
    "WaitLines",
]


class Records(Protocol):
    """All of our own records. The wiring passes `store.sql_store.SqlStore`."""

    @property
    def alerts(self) -> Alerts: ...
    @property
    def codes(self) -> CodeBook: ...
    @property
    def contingencies(self) -> ContingencyBook: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def follow_ups(self) -> FollowUpStore: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def ownership(self) -> OwnershipStore: ...
    @property
    def procedures(self) -> Procedures: ...
    @property
    def recoveries(self) -> Recoveries: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def saved_replies(self) -> SavedReplyBook: ...
    @property
    def signals(self) -> Signals: ...
    @property
    def surroundings(self) -> Surroundings: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def turns(self) -> TurnStore: ...
    @property
    def users(self) -> Users: ...
    @property
    def wait_lines(self) -> WaitLines: ...
