"""The web chat's public protocol, spoken by a browser that is not ours."""

from tests.desk.conftest import DeskUnderTest


async def test_a_message_is_acknowledged_stored_and_answered(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        assert await events.next("owner") == {"owner": "bot", "name": None, "position": None}
        sent = await customer.send("my parcel is late")
        assert sent.status_code == 202, sent.text
        mine = await events.next(author="customer")
        assert mine["seq"] == sent.json()["seq"] == 1
        answer = await events.next(author="bot")
        assert (answer["seq"], answer["text"]) == (2, "You said: my parcel is late")
