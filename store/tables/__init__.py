"""The tables of our own records, in the PostgreSQL schema `redress`. What a CRM keeps is not here."""

from store.tables.base import SCHEMA, metadata
from store.tables.channels import (
    deliveries,
    first_accounts,
    identities,
    leases,
    one_time_codes,
    used_tokens,
    wait_lines,
)
from store.tables.floor import approvals, callbacks, clocks, handoffs, offers, transitions
from store.tables.learning import corrections, heard_daily, review_items, review_sources
from store.tables.people import looks, presences, sessions, sign_in_tries, users
from store.tables.recovering import (
    budget_balances,
    budget_draws,
    decisions,
    nlu_results,
    recoveries,
    recovery_steps,
    surveys,
    turn_outcomes,
)
from store.tables.situations import alerts, contingencies, contingency_log, duties_done, page_sends, pages
from store.tables.talk import attachments, conversations, message_edits, messages, notes, saved_replies

__all__ = [
    "SCHEMA",
    "alerts",
    "approvals",
    "attachments",
    "budget_balances",
    "budget_draws",
    "callbacks",
    "clocks",
    "contingencies",
    "contingency_log",
    "conversations",
    "corrections",
    "decisions",
    "deliveries",
    "duties_done",
    "first_accounts",
    "handoffs",
    "heard_daily",
    "identities",
    "leases",
    "looks",
    "message_edits",
    "messages",
    "metadata",
    "nlu_results",
    "notes",
    "offers",
    "one_time_codes",
    "page_sends",
    "pages",
    "presences",
    "recoveries",
    "recovery_steps",
    "review_items",
    "review_sources",
    "saved_replies",
    "sessions",
    "sign_in_tries",
    "surveys",
    "transitions",
    "turn_outcomes",
    "used_tokens",
    "users",
    "wait_lines",
]
