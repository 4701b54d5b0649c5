"""What PostgreSQL says, in the port's words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from casework.errors import Conflict, NotFound, PortError, Refused, Unavailable


@asynccontextmanager
async def in_our_words() -> AsyncIterator[None]:
    """Turn whatever the database raises inside into one of the port's errors."""
    try:
        yield
    except DBAPIError as error:
        raise _word(error) from error
    except UnicodeEncodeError as error:  # half of a surrogate pair: no record holds such a text
        raise Refused("The CRM cannot store this text.") from error
    except (SQLAlchemyError, OSError) as error:  # OSError: no connection, and asyncio's TimeoutError
        raise Unavailable("The CRM does not answer.") from error


def _word(error: DBAPIError) -> PortError:
    match error.orig:
        case postgres.ForeignKeyViolation():
            return NotFound("The CRM has no such customer, order or case.")
        case postgres.UniqueViolation():
            return Conflict("The CRM has this already.")
        case postgres.IntegrityError() | postgres.DataError():
            return Refused("The CRM does not take this value.")
        case _:
            return Unavailable("The CRM does not answer.")
