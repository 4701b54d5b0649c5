"""What the adapter writes, each inside the transaction it is given, and each once for its key."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.crm import CaseChange, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Conflict, NotFound, Refused
from crm_adapter import rows, statements
from crm_adapter.keys import number
from crm_adapter.tables import case_notes, cases, channel_links, compensations, follow_ups, interactions, orders
from recovery.price import PRICE_BACK, money_fits
from recovery.records import Case, Compensation, FollowUp, Interaction
from recovery.words import CaseStatus, Remedy

OPENING = 5  # the seed of the locks under which a customer's cases are opened, apart from all others


async def link_channel(connection: AsyncConnection, customer_id: str, channel: str, channel_user: str) -> None:
    """Link once; Conflict when somebody else is linked."""
    link = {"channel": channel, "channel_user": channel_user, "customer_id": customer_id}
    await connection.execute(insert(channel_links).values(link).on_conflict_do_nothing())
    one = select(channel_links.c.customer_id).filter_by(channel=channel, channel_user=channel_user)
    if (await connection.execute(one)).scalar_one() != customer_id:
        raise Conflict("This user of the channel is linked to another customer.")


async def open_case(connection: AsyncConnection, new: NewCase) -> Case:
    """Open, or find what the same key opened, or what is open about the same thing: told on two channels at once."""
    if new.customer_id is not None and new.order_id is not None:
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(new.customer_id, OPENING))))
        if (found := await _open_alike(connection, new)) is not None:
            return await _case(connection, found)
    values = {
        "key": new.key,
        "customer_id": new.customer_id,
        "conversation_id": new.conversation_id,
        "order_id": new.order_id,
        "challenge": new.challenge,
        "severity": int(new.severity),
        "status": CaseStatus.OPEN,
        "courier": new.courier,
        "opened_at": new.opened_at,
    }
    row = await _once(connection, cases, values)
    return await _case(connection, row["id"])


async def _open_alike(connection: AsyncConnection, new: NewCase) -> int | None:
    """The id of the case with this key, else of the customer's open one of this challenge and order."""
    alike = (
        (cases.c.customer_id == new.customer_id)
        & (cases.c.order_id == new.order_id)
        & (cases.c.challenge == new.challenge)
        & cases.c.status.in_([status for status in CaseStatus if status.is_open])
    )
    same_key = cases.c.key == new.key
    found = select(cases.c.id).where(same_key | alike).order_by(same_key.desc(), cases.c.id).limit(1)
    return cast("int | None", await connection.scalar(found))


async def note_case(connection: AsyncConnection, case_id: str, by: str, text: str, at: datetime, key: str) -> None:
    """Note once for each key; the case must exist."""
    note = {"case_id": _known(case_id), "key": key, "at": at, "by": by, "text": text}
    await connection.execute(insert(case_notes).values(note).on_conflict_do_nothing())


async def update_case(connection: AsyncConnection, case_id: str, change: CaseChange, at: datetime) -> Case:
    """Change what is not None, while the case is not closed."""
    _refuse_if_closed(await _lock(connection, case_id))
    values = _changes(change, at)
    if values:
        await connection.execute(update(cases).where(cases.c.id == number(case_id)).values(values))
    return await _case(connection, number(case_id))


def _changes(change: CaseChange, at: datetime) -> dict[str, Any]:
    values = {
        "status": change.status,
        "customer_id": change.customer_id,
        "order_id": change.order_id,
        "severity": None if change.severity is None else int(change.severity),
        "outcome": change.outcome,
        "root_cause": change.root_cause,
        "failed": change.failed,
        "closed_at": at if change.status == CaseStatus.CLOSED else None,
    }
    return {name: value for name, value in values.items() if value is not None}


async def close_case(connection: AsyncConnection, case_id: str, outcome: str, root_cause: str, at: datetime) -> Case:
    """Close once; a closed case stays as it is."""
    if (await _lock(connection, case_id))["status"] != CaseStatus.CLOSED:
        closed = {"status": CaseStatus.CLOSED, "closed_at": at, "outcome": outcome, "root_cause": root_cause}
        await connection.execute(update(cases).where(cases.c.id == number(case_id)).values(closed))
    return await _case(connection, number(case_id))


async def grant(connection: AsyncConnection, new: NewGrant) -> Compensation:
    """Grant once: the case is locked, so nobody closes it in between."""
    case = await _lock(connection, new.case_id)
    values = {
        "key": new.key,
        "customer_id": new.customer_id,
        "case_id": _known(new.case_id),
        "order_id": new.order_id,
        "remedy": new.remedy,
        "pence": new.pence,
        "granted_at": new.granted_at,
        "granted_by": new.granted_by,
        "role": new.role,
        "rule": new.rule,
    }
    given = await _by_key(connection, compensations, new.key)
    if given is None:
        if new.remedy is not Remedy.LOYALTY_REWARD:  # which follows a recovery that held
            _refuse_if_closed(case)
        if case["customer_id"] not in (None, new.customer_id):
            raise Refused(f"Case {new.case_id} is another customer's.")
        await _within_price(connection, new)
        given = await _once(connection, compensations, values)
    if any(given[name] != value for name, value in values.items() if name != "granted_at"):
        raise Conflict("This key has granted something else.")
    if given["revoked_at"] is not None:
        raise Conflict("What this key has granted was taken back.")
    return rows.compensation(given)


async def _within_price(connection: AsyncConnection, new: NewGrant) -> None:
    """The order is locked, so that of two grants at once the second sees the first. Raises Conflict."""
    if new.order_id is None or new.remedy not in PRICE_BACK:
        return
    this = select(orders.c.kind, orders.c.pence).where(orders.c.id == new.order_id).with_for_update()
    order = (await connection.execute(this)).first()
    if order is None:
        return  # the grant itself will say so
    money = compensations.c.remedy.in_(PRICE_BACK) & compensations.c.revoked_at.is_(None)
    given = select(func.coalesce(func.sum(compensations.c.pence), 0)).where(
        compensations.c.order_id == new.order_id, money
    )
    back = (await connection.execute(given)).scalar_one()
    if not money_fits((new.remedy, new.pence), order.kind, order.pence, back):
        raise Conflict(f"No more than its price goes back for order {new.order_id}.")


async def revoke(connection: AsyncConnection, compensation_id: str, customer_id: str, at: datetime) -> Compensation:
    """Take back once, and call off what was to be asked about it."""
    this = compensations.c.id == number(compensation_id)
    theirs = select(compensations).where(this, compensations.c.customer_id == customer_id)
    given = (await connection.execute(theirs)).mappings().first()
    if given is None:
        raise NotFound(f"There is no compensation {compensation_id} of this customer.")
    case = await _lock(connection, str(given["case_id"]))
    taken_back = update(compensations).where(this, compensations.c.revoked_at.is_(None)).values(revoked_at=at)
    if (await connection.execute(taken_back)).rowcount == 1:
        _refuse_if_closed(case)
        to_come = (follow_ups.c.case_id == case["id"]) & follow_ups.c.done_at.is_(None)
        await connection.execute(update(follow_ups).where(to_come).values(done_at=at))
    return rows.compensation(given)


async def follow_up(connection: AsyncConnection, new: NewFollowUp) -> FollowUp:
    """Schedule once for each key."""
    values = {
        "key": new.key,
        "case_id": _known(new.case_id),
        "conversation_id": new.conversation_id,
        "kind": new.kind,
        "due_at": new.due_at,
    }
    return rows.follow_up(await _once(connection, follow_ups, values))


async def complete_follow_up(connection: AsyncConnection, follow_up_id: str, at: datetime) -> bool:
    """Whether this call is the one that completed it."""
    this = (follow_ups.c.id == number(follow_up_id)) & follow_ups.c.done_at.is_(None)
    done = await connection.execute(update(follow_ups).where(this).values(done_at=at))
    return done.rowcount == 1


async def add_interaction(connection: AsyncConnection, new: NewInteraction) -> Interaction:
    """Add once for each key."""
    values = {
        "key": new.key,
        "customer_id": new.customer_id,
        "at": new.at,
        "channel": new.channel,
        "summary": new.summary,
        "order_id": new.order_id,
        "challenge": new.challenge,
        "satisfaction": new.satisfaction,
    }
    return rows.interaction(await _once(connection, interactions, values))


async def _once(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> rows.Row:
    """The row that this key has made: now, or when somebody was first.

    The insert waits for another transaction with the same key, and the select after it sees what that one made.
    """
    made = insert(table).values(values).on_conflict_do_nothing(index_elements=["key"]).returning(table)
    row = (await connection.execute(made)).mappings().first()
    found = row if row is not None else await _by_key(connection, table, values["key"])
    if found is None:
        raise Conflict("The first of two calls with one key was taken back.")
    return found


async def _by_key(connection: AsyncConnection, table: Table, key: str) -> rows.Row | None:
    return (await connection.execute(select(table).where(table.c.key == key))).mappings().first()


async def _lock(connection: AsyncConnection, case_id: str) -> rows.Row:
    """The case, which nobody else changes until this transaction ends. Raises NotFound."""
    one = select(cases).where(cases.c.id == _known(case_id)).with_for_update()
    row = (await connection.execute(one)).mappings().first()
    if row is None:
        raise NotFound(f"There is no case {case_id}.")
    return row


def _refuse_if_closed(case: rows.Row) -> None:
    if case["status"] == CaseStatus.CLOSED:
        raise Refused(f"Case {case['id']} is closed.")


async def _case(connection: AsyncConnection, case_id: int | None) -> Case:
    return rows.case((await connection.execute(statements.CASE, {"case_id": case_id})).mappings().one())


def _known(case_id: str) -> int:
    found = number(case_id)
    if found is None:
        raise NotFound(f"There is no case {case_id}.")
    return found
