"""A stranger proves by the code in the mail who they are, and hears of what they ordered: through everything."""

import asyncio
import re

import httpx

from redress import webchat, wiring
from redress.own_stack import Stack
from redress.webchat import ChatMessage, WebChat

WITHIN_S = 60.0
CODE = re.compile(r"your code is (\d{6})")
MAYA = "maya.fletcher1@example.com"
PROMISED, OWED = "my parcel was due on Monday and it's still not here", "£49"


async def says(chat: WebChat, words: str) -> list[ChatMessage]:
    seq = await chat.send(words)
    assert await chat.until(lambda c: bool(c.answers_to(seq)), WITHIN_S), f"nobody answered “{words}”"
    await chat.catch_up()
    return chat.answers_to(seq)


def told(answers: list[ChatMessage]) -> str:
    return "\n".join(answer.text for answer in answers)


async def code_in_the_mail(stack: Stack, address: str) -> str:
    """From the page on which the demo shows its mail. The mail is sent in its own time."""
    async with (
        httpx.AsyncClient(base_url=stack.settings.desk_url, trust_env=False) as shop,
        asyncio.timeout(WITHIN_S),
    ):
        while True:
            page = (await shop.get("/demo/mail")).text
            if mails := [mail for mail in page.split("<article") if address in mail]:
                (code,) = CODE.findall(mails[0])
                return str(code)


async def test_a_stranger_proves_by_the_mailed_code_who_they_are_and_hears_of_the_order(stack: Stack) -> None:
    async with wiring.customers(str(stack.settings.database_url)) as customers:
        maya, _ = await customers.one(MAYA, fresh=True)
    async with webchat.opened(stack.settings.desk_url, None) as chat:
        asked = told(await says(chat, PROMISED))
        assert "email" in asked
        assert OWED not in asked, "nothing of anybody's history before the proof"
        on_its_way = told(await says(chat, maya.email))
        assert "six digits" in on_its_way, on_its_way
        code = await code_in_the_mail(stack, maya.email)
        seq = await chat.send(f"it's {code}")
        by_the_bot = await chat.until(lambda c: any(m.author == "bot" for m in c.answers_to(seq)), WITHIN_S)
        assert by_the_bot, told(chat.messages)
        await chat.catch_up()
        proved, *goes_on = chat.answers_to(seq)
        assert maya.first_name in proved.text
        assert OWED in told(goes_on), "what the order cost, which only its history tells"
        assert code not in told(chat.messages), "a code that was used stands nowhere"
    async with wiring.customers(str(stack.settings.database_url)) as customers:
        cases = await customers.crm.cases(maya.id)
    assert chat.conversation in {case.conversation_id for case in cases}
