"""The tables of our own records, in the PostgreSQL schema `redress`. What a CRM keeps is not here."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "redress"
metadata = MetaData(schema=SCHEMA)


def _when(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _conversation() -> Column[str]:
    return Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)


conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),  # web, telegram
    Column("channel_user", Text, nullable=False),  # the channel's own name for who is talking
    Column("customer_id", Text),  # the CRM's id, only once verified
    Column("customer_name", Text, nullable=False, server_default=""),
    Column("owner", Text, nullable=False, server_default="bot"),  # bot, queue, agent
    Column("agent_id", Text, ForeignKey("users.id")),
    Column("owner_version", Integer, nullable=False, server_default="0"),  # compare-and-set
    Column("next_seq", Integer, nullable=False, server_default="1"),
    Column("outcome", Text),  # recovered, handed_over, resolved_by_agent, answered, abandoned
    Column("frustration", Integer, nullable=False, server_default="0"),  # the conversation's level now
    Column("frustration_before", Integer),  # the highest level up to the first apology or offer
    Column("frustration_after", Integer),  # the level of the customer's latest message since
    Column("challenges", ARRAY(Text), nullable=False, server_default="{}"),
    Column("handed_over", Boolean, nullable=False, server_default=text("false")),  # ever
    _when("opened_at", required=True),
    _when("last_message_at", required=True),
    _when("closed_at"),
    CheckConstraint("owner in ('bot', 'queue', 'agent')", name="owner_is_known"),
    CheckConstraint("(owner = 'agent') = (agent_id is not null)", name="an_agent_owns_by_name"),
    Index(
        "one_open_conversation",
        "channel",
        "channel_user",
        unique=True,
        postgresql_where=text("closed_at is null"),
    ),
    Index("conversations_by_time", "last_message_at"),
    Index("conversations_by_channel_user", "channel", "channel_user", "opened_at"),
    Index("conversations_by_customer", "customer_id", postgresql_where=text("customer_id is not null")),
    Index("conversations_waiting", "owner", postgresql_where=text("owner <> 'bot' and closed_at is null")),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    _conversation(),
    Column("seq", Integer, nullable=False),  # order within the conversation, without gaps
    Column("author", Text, nullable=False),  # customer, bot, agent, system
    Column("author_name", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("buttons", JSONB, nullable=False, server_default="[]"),  # [{"title", "payload"}]
    Column("payload", Text),  # what a customer's click carried
    Column("channel_message_id", Text),  # the channel's own id of a customer's message
    Column("in_reply_to", Text),  # the customer's message that this answers
    Column(
        "status", Text, nullable=False
    ),  # in: received, answered, held; out: ready, delivered, withheld, undeliverable
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("meta", JSONB, nullable=False, server_default="{}"),  # response, tone, LATER step, case
    _when("at", required=True),
    _when("done_at"),
    UniqueConstraint("conversation_id", "seq", name="messages_in_order"),
    UniqueConstraint("conversation_id", "channel_message_id", name="same_id_is_one_message"),
    Index("messages_to_answer", "at", postgresql_where=text("status = 'received'")),
    Index("messages_to_deliver", "at", postgresql_where=text("status = 'ready'")),
    Index(
        "messages_by_words",
        func.to_tsvector(text("'english'"), text("text")),
        postgresql_using="gin",
    ),
)

attachments = Table(  # files that came with messages; their contents are kept elsewhere
    "attachments",
    metadata,
    Column("id", Text, primary_key=True),
    _conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),  # their order
    Column("kind", Text, nullable=False),  # photo, audio, video, file
    Column("name", Text, nullable=False, server_default=""),
    Column("media_type", Text, nullable=False, server_default=""),  # as its content shows
    Column("size", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),  # wanted, kept, refused
    Column("why", Text, nullable=False, server_default=""),  # it was refused
    Column("source", JSONB),  # where the channel keeps it, while we do not
    _when("at", required=True),
    Index("attachments_by_message", "message_id", "number"),
    Index("attachments_by_conversation", "conversation_id"),
    Index("attachments_to_fetch", "number", postgresql_where=text("state = 'wanted'")),
)

saved_replies = Table(  # what agents say often, kept by supervisors
    "saved_replies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("title", Text, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("changed_by", Text, ForeignKey("users.id"), nullable=False),
    _when("changed_at", required=True),
)

message_edits = Table(  # what a message said before its customer changed it
    "message_edits",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    _when("at", required=True),
    Index("message_edits_by_message", "message_id", "id"),
)

deliveries = Table(  # how far a message has come on its way to a channel that we bring it to
    "deliveries",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    _conversation(),
    Column("parts_sent", Integer, nullable=False, server_default="0"),
    Column("channel_ids", ARRAY(Text), nullable=False, server_default="{}"),  # the channel's own ids of the parts
    _when("in_flight_since"),  # a part is being sent: found set at a start, it may have arrived
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("repeated", Boolean, nullable=False, server_default=text("false")),  # perhaps: nobody can know
    Column("buttons_open", Boolean, nullable=False, server_default=text("false")),
    Column("failed", Text),  # why the channel will never take it
    Index("deliveries_by_conversation", "conversation_id"),
)

leases = Table(  # what one process does at a time; `turn` counts its holders, so that an earlier one can be refused
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
)

wait_lines = Table(  # how a wait stands, where a channel shows it as one of its own messages
    "wait_lines",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", Text, nullable=False),  # the channel's own id of it; empty, it could not be told
    Column("text", Text, nullable=False),
    _when("at", required=True),
)

identities = Table(  # which customer a user of a channel has proved to be
    "identities",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("channel_user", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("how", Text, nullable=False),  # deep_link, email_code
    _when("verified_at", required=True),
    _when("unlinked_at"),
    Index(
        "one_identity_at_a_time",
        "channel",
        "channel_user",
        unique=True,
        postgresql_where=text("unlinked_at is null"),
    ),
    Index("identities_by_customer", "customer_id"),
)

used_tokens = Table(  # tokens that may be used once, until they would have expired anyway
    "used_tokens",
    metadata,
    Column("key", Text, primary_key=True),  # a hash of the token
    Column("channel_user", Text, nullable=False),
    _when("at", required=True),
    _when("expires_at", required=True),
    Index("used_tokens_by_expiry", "expires_at"),
)

one_time_codes = Table(  # codes to prove who one is, for a day; for an address that is nobody's, one that nobody gets
    "one_time_codes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("address_key", Text, nullable=False),  # keyed hashes of the address and of the code
    Column("asked_in", Text, nullable=False),  # the channel's id of the message that gave the address
    Column("customer_id", Text),
    Column("salt", Text, nullable=False),
    Column("key", Text, nullable=False),
    _when("sent_at", required=True),
    _when("expires_at", required=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("tried_in", Text),  # a name of the last try
    Column("used_in", Text),  # and of the one that had it right
    UniqueConstraint("conversation_id", "asked_in", name="a_message_asks_once"),
    Index("one_time_codes_by_address", "address_key", "sent_at"),
    Index("one_time_codes_by_time", "sent_at"),
)

nlu_results = Table(
    "nlu_results",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, nullable=False),
    Column("result", JSONB, nullable=False),
    Column("noted", Boolean, nullable=False, server_default=text("false")),  # counted, and looked at for review
    Index("nlu_results_to_note", "message_id", postgresql_where=text("not noted")),
)

recoveries = Table(
    "recoveries",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", JSONB, nullable=False),
    _when("updated_at", required=True),
)

turn_outcomes = Table(  # what an action decided for one message: the same message gets the same answer
    "turn_outcomes",
    metadata,
    Column("message_id", Text, primary_key=True),
    _conversation(),
    Column("outcome", JSONB, nullable=False),
    _when("at", required=True),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("message_id", Text, nullable=False),
    Column("case_id", Text),
    Column("step", Text, nullable=False),
    Column("rules", ARRAY(Text), nullable=False),
    Column("playbook_version", Text, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("reasons", JSONB, nullable=False),  # [{"text", "evidence": [{"kind", "id"}]}]
    _when("at", required=True),
    Index("decisions_by_conversation", "conversation_id", "id"),
)

recovery_steps = Table(
    "recovery_steps",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("case_id", Text, nullable=False),
    Column("step", Text, nullable=False),  # listen, apologise, thank, explain, resolve
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    _when("at", required=True),
    UniqueConstraint("case_id", "step", "message_id", name="a_message_does_a_step_once"),
    Index("recovery_steps_by_message", "message_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("message_id", Text, nullable=False),  # the message that led to it
    Column("rules", ARRAY(Text), nullable=False),
    Column("playbook_version", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("priority", Integer, nullable=False),  # 1 is most urgent
    Column("priority_reasons", JSONB, nullable=False),  # ["severity critical", …]
    Column("inputs", JSONB, nullable=False),
    Column("rationale", JSONB, nullable=False),  # [{"text", "evidence": [{"kind", "id"}]}]
    Column("packet", JSONB, nullable=False),
    _when("queued_at", required=True),
    Column("claimed_by", Text, ForeignKey("users.id")),
    _when("claimed_at"),
    _when("first_reply_at"),
    _when("ended_at"),
    Column("ended_how", Text),  # returned, resolved, left
    Column("root_cause", Text),
    Column("tier", Text),  # who is asked: agent, specialist, senior, supervisor; null until the desk has seen it
    _when("tier_since"),  # since when this tier is asked
    Column("score", Integer, nullable=False, server_default="0"),  # the order of the queue, highest first
    Column("score_parts", JSONB, nullable=False, server_default="[]"),  # [{"name", "points", "why"}]
    Column("clocked_seq", Integer, nullable=False, server_default="-1"),  # the last message that its clocks know
    _when("away_told_at"),  # when the customer was told that their agent is away
    _when("call_offered_at"),  # when whoever waits was offered a call instead; once in a wait
    Index("one_open_handoff", "conversation_id", unique=True, postgresql_where=text("ended_at is null")),
    Index("handoffs_by_conversation", "conversation_id", "id"),
    Index("handoffs_by_time", "queued_at"),
    Index("handoffs_to_clock", "id", postgresql_where=text("clocked_seq < 0")),
)

notes = Table(
    "notes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    _when("at", required=True),
    Index("notes_by_conversation", "conversation_id", "id"),
)

surveys = Table(
    "surveys",
    metadata,
    Column("case_id", Text, primary_key=True),  # once for each case
    _conversation(),
    Column("rating", Integer),
    Column("comment", Text),
    _when("asked_at", required=True),
    _when("answered_at"),
    Column("kind", Text, nullable=False, server_default="csat"),  # csat, ces, nps
    CheckConstraint(
        "(kind = 'csat' and rating between 1 and 5) or (kind = 'ces' and rating between 1 and 7) "
        "or (kind = 'nps' and rating between 0 and 10)",
        name="rating_is_on_its_scale",
    ),
    Index("surveys_by_conversation", "conversation_id"),
    Index("surveys_by_answer", "answered_at"),
)

budget_balances = Table(  # what is spent of a budget in a period: `goodwill_of_the_month@2026-11`
    "budget_balances",
    metadata,
    Column("key", Text, primary_key=True),
    Column("spent", BigInteger, nullable=False),  # pence
)

budget_draws = Table(  # what each grant took, so that a repeated one takes nothing twice
    "budget_draws",
    metadata,
    Column("grant_key", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("pence", Integer, nullable=False),
    Column("message_id", Text, nullable=False),
    _when("at", required=True),
    Index("budget_draws_by_message", "message_id"),
)

contingencies = Table(  # what hits many customers at once, until its horizon
    "contingencies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),  # of the playbook's contingencies.yml
    Column("text", Text, nullable=False),
    Column("doing", Text, nullable=False),
    Column("challenges", ARRAY(Text), nullable=False, server_default="{}"),
    Column("couriers", ARRAY(Text), nullable=False, server_default="{}"),
    Column("regions", ARRAY(Text), nullable=False, server_default="{}"),
    Column("products", ARRAY(Text), nullable=False, server_default="{}"),
    _when("starts_at", required=True),
    _when("ends_at", required=True),
    _when("off_at"),  # before its horizon
    CheckConstraint("starts_at < ends_at", name="it_ends_after_it_starts"),
    Index("contingencies_by_end", "ends_at"),
)

contingency_log = Table(  # who switched what, when
    "contingency_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("contingency_id", ForeignKey("contingencies.id"), nullable=False),
    Column("what", Text, nullable=False),  # on, changed, off
    Column("by", Text, nullable=False),
    Column("details", Text, nullable=False, server_default=""),
    _when("at", required=True),
    Index("contingency_log_by_contingency", "contingency_id", "id"),
)

duties_done = Table(  # the ticks of a procedure's checklist
    "duties_done",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    Column("procedure", Text, primary_key=True),
    Column("duty", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    _when("at", required=True),
)

alerts = Table(  # what a person must know at once
    "alerts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),  # handoff, critical, engine_down, low_rating
    Column("procedure", Text, nullable=False, server_default=""),  # of a critical one: the playbook's procedure
    Column("conversation_id", Text),
    Column("text", Text, nullable=False),
    _when("at", required=True),
    Column("acknowledged_by", Text, ForeignKey("users.id")),
    _when("acknowledged_at"),
    Index("alerts_open", "id", postgresql_where=text("acknowledged_at is null")),
    Index("alerts_by_procedure", "procedure", "id", postgresql_where=text("procedure <> ''")),
)

users = Table(  # the staff: agents and supervisors
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # agent, specialist, senior, supervisor
    Column("teams", ARRAY(Text), nullable=False, server_default="{}"),  # none: every team
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    _when("created_at", required=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Text, primary_key=True),  # sha256 of the cookie: a leaked table opens nothing
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    _when("expires_at", required=True),
)

sign_in_tries = Table(  # of the last quarter of an hour, counted by all desks together
    "sign_in_tries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False),  # sha256 of the e-mail address, or of the network address
    _when("at", required=True),
    Index("sign_in_tries_by_key", "key", "at"),
    Index("sign_in_tries_by_time", "at"),
)

looks = Table(  # every look at a transcript or a record
    "looks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("what", Text, nullable=False),  # conversation, case, export
    Column("subject_id", Text, nullable=False),
    _when("at", required=True),
    Index("looks_by_subject", "subject_id", "id"),
    Index("looks_by_user", "user_id", "id"),
)

transitions = Table(  # who answered when, and why it changed
    "transitions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("move", Text, nullable=False),  # a move of recovery/owners.py
    Column("was", Text, nullable=False),
    Column("became", Text, nullable=False),
    Column("user_id", Text, ForeignKey("users.id")),  # who moved it; null: the bot, the desk or the customer
    Column("agent_id", Text, ForeignKey("users.id")),  # who owns it now
    Column("note", Text, nullable=False, server_default=""),
    _when("at", required=True),
    Index("transitions_by_conversation", "conversation_id", "id"),
)

presences = Table(  # who is at the desk
    "presences",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),  # online, busy, away
    _when("seen_at", required=True),  # when their browser last said so
    CheckConstraint("state in ('online', 'busy', 'away')", name="presence_is_known"),
)

offers = Table(  # who was asked to take a conversation, and what came of it
    "offers",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
    _conversation(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("tier", Text, nullable=False),
    _when("offered_at", required=True),
    _when("expires_at", required=True),
    _when("answered_at"),
    Column("answer", Text),  # accepted, declined, lapsed, withdrawn
    Index("one_offer_of_a_handoff", "handoff_id", unique=True, postgresql_where=text("answered_at is null")),
    Index("one_offer_to_a_person", "user_id", unique=True, postgresql_where=text("answered_at is null")),
    Index("offers_by_handoff", "handoff_id", "id"),
    Index("offers_by_user", "user_id", "offered_at"),
    Index("offers_by_time", "offered_at"),
)

clocks = Table(  # service-level clocks of handoffs, on business time
    "clocks",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # first_reply, next_reply, resolution
    Column("number", Integer, primary_key=True),
    Column("target_s", Integer, nullable=False),
    Column("warn_after_s", Integer, nullable=False),
    _when("started_at", required=True),
    Column("spent_us", BigInteger, nullable=False, server_default="0"),  # business time used before running_since
    _when("running_since"),
    _when("stopped_at"),
    _when("warn_at"),  # when the warning is due; null: it was given, or it does not run
    _when("due_at"),  # when it is breached; null: it was marked, or it does not run
    _when("warned_at"),
    _when("missed_at"),
    Index("clocks_to_mark", "due_at", postgresql_where=text("due_at is not null")),
    Index("clocks_to_warn", "warn_at", postgresql_where=text("warn_at is not null")),
    Index("clocks_open", "handoff_id", postgresql_where=text("stopped_at is null")),
    Index("clocks_by_start", "started_at"),
    Index("clocks_missed", "missed_at", postgresql_where=text("missed_at is not null")),
)

callbacks = Table(  # customers who want to be called or written to later
    "callbacks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("asked_seq", Integer, nullable=False),  # the message that asked for it; what follows are the details
    _when("asked_at", required=True),
    _when("confirmed_at"),  # the customer was told that the details arrived
    Column("done_by", Text, ForeignKey("users.id")),
    _when("done_at"),
    Column("result", Text, nullable=False, server_default=""),
    Index("one_open_callback", "conversation_id", unique=True, postgresql_where=text("done_at is null")),
    Index("callbacks_open", "asked_at", postgresql_where=text("done_at is null")),
)

approvals = Table(  # options above an agent's limit, asked of somebody who may
    "approvals",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("case_id", Text, nullable=False),
    Column("option_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("pence", Integer, nullable=False),
    Column("asked_by", Text, ForeignKey("users.id"), nullable=False),
    _when("asked_at", required=True),
    Column("why", Text, nullable=False, server_default=""),
    Column("answered_by", Text, ForeignKey("users.id")),
    _when("answered_at"),
    Column("answer", Text),  # approved, refused, withdrawn, lapsed
    Column("reason", Text, nullable=False, server_default=""),
    _when("used_at"),
    Index(
        "one_open_approval",
        "conversation_id",
        "case_id",
        "option_id",
        unique=True,
        postgresql_where=text("answered_at is null"),
    ),
    Index("approvals_by_conversation", "conversation_id", "id"),
    Index("approvals_open", "asked_at", postgresql_where=text("answered_at is null")),
)

pages = Table(  # critical alerts that page people until somebody acknowledges
    "pages",
    metadata,
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, nullable=False, server_default="0"),  # how often it went out
    Column("reached", Integer, nullable=False, server_default="1"),  # how many of the procedure's names it goes to
    _when("next_at"),  # when it goes out next; null: somebody has acknowledged
    Index("pages_to_send", "next_at", postgresql_where=text("next_at is not null")),
)

page_sends = Table(  # what was sent to whom, and what went wrong
    "page_sends",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("alert_id", ForeignKey("pages.alert_id", ondelete="CASCADE"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    _when("at", required=True),
    Index("page_sends_by_alert", "alert_id", "id"),
)

review_items = Table(  # what people should label: one text once, with the person taken out of it
    "review_items",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("text_key", Text, nullable=False, unique=True),  # sha256 of the text, whatever its case and spaces
    Column("text", Text, nullable=False),
    Column("before", JSONB, nullable=False),  # [{"who", "text"}]: what was said just before
    Column("heard", JSONB, nullable=False),  # the NLU's result, without details
    Column("model", Text, nullable=False),
    Column("why", ARRAY(Text), nullable=False),  # recovery.doubt.Why
    Column("challenges", ARRAY(Text), nullable=False),  # heard
    Column("by_person", Boolean, nullable=False),  # corrected or flagged, not only doubtful
    Column("times", Integer, nullable=False, server_default="1"),  # how often it was said
    Column("status", Text, nullable=False, server_default="open"),  # open, accepted, rejected, skipped
    Column("version", Integer, nullable=False, server_default="0"),  # compare-and-set
    Column("labels", JSONB),  # what a supervisor decided
    _when("at", required=True),
    Column("decided_by", Text, ForeignKey("users.id")),
    _when("decided_at"),
    CheckConstraint("status in ('open', 'accepted', 'rejected', 'skipped')", name="status_is_known"),
    CheckConstraint("(status = 'accepted') = (labels is not null)", name="the_accepted_are_labelled"),
    Index("review_items_by_status", "status", "by_person", "id"),
    Index("review_items_doubtful", "at", postgresql_where=text("status = 'open' and not by_person")),
)

review_sources = Table(  # where a text came from; with its last source it goes (trigger `review_item_unsaid`)
    "review_sources",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item_id", ForeignKey("review_items.id", ondelete="CASCADE"), nullable=False),
    _conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("item_id", "message_id", name="a_message_is_a_source_once"),
    Index("review_sources_by_conversation", "conversation_id"),
    Index("review_sources_by_message", "message_id"),
)

corrections = Table(  # what the bot got wrong, as agents say
    "corrections",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("what", Text, nullable=False),  # challenge, frustration, escalated, not_escalated
    Column("right", Text),  # the right challenge types or level, where the agent said
    Column("words", Text, nullable=False, server_default=""),
    _when("at", required=True),
    Index("corrections_by_conversation", "conversation_id", "id"),
    Index("corrections_by_message", "message_id"),
    Index("corrections_by_time", "at"),
)

heard_daily = Table(  # how often what was heard, by day: pages on drift read this, however long the history is
    "heard_daily",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),  # message, challenge, act, level, unclear, confidence
    Column("name", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)
