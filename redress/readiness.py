"""Wait until the product answers."""

import asyncio

import httpx

from redress.children import Program
from redress.problem import Problem
from redress.settings import Settings

LONGEST_WAIT_S = 120.0
_PAUSE_S = 0.05
_QUESTION = "my parcel was due on Monday and it is still not here"


async def until_all_ready(settings: Settings) -> None:
    """Return when the desk says that all it needs answers."""
    log = settings.logs / "desk.log"
    await until_ready(Program("product", (), {}, log, settings.home, ready_url=f"{settings.desk_url}/readyz"))


async def until_ready(program: Program, within: float = LONGEST_WAIT_S) -> None:
    """Return when the program says that it is ready. Raises Problem when it takes too long."""
    headers = {"Authorization": f"Bearer {program.token}"} if program.token else {}
    said = "it does not listen"
    try:
        async with asyncio.timeout(within), httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as client:
            while True:
                try:
                    answer = await client.get(program.ready_url)
                    if answer.is_success:
                        return
                    said = answer.text[:200]
                except httpx.TransportError:
                    pass
                await asyncio.sleep(_PAUSE_S)
    except TimeoutError:
        raise Problem(f"The {program.name} is not ready after {within:.0f} s ({said}). See {program.log}.") from None


async def until_answered(settings: Settings) -> None:
    """A real question, understood by the engine; it belongs to no conversation and leaves no trace."""
    token = settings.engine_token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30, trust_env=False) as client:
        answer = await client.post(f"{settings.engine_url}/webhooks/desk/nlu", json={"texts": [_QUESTION]})
    if not answer.is_success:
        raise Problem(f"The engine does not understand a question: {answer.text[:200]} See {settings.logs}.")
