"""What will not pass by itself is a person's to hear of, once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Unavailable
from casework.ports import Alert, Staff
from desk.parts import TelegramSettings
from desk.telegram import channel, polling
from desk.telegram.api import Elsewhere, NotAllowed, NotNow, NotSent, PerhapsSent
from desk.telegram.channel import webhook_secret
from desk.telegram.complaining import KIND, Complaints
from tests.desk.conftest import SECRET, DeskUnderTest, EngineDouble, now, running_desk
from tests.desk.telegram.conftest import until
from tests.desk.telegram.peer_process import Peer
from tests.desk.telegram.test_holding import settled

MINUTE = timedelta(minutes=1)
NO_TOKEN = NotAllowed("Telegram does not accept the token.")
ELSEWHERE = Elsewhere("Another process or a webhook fetches this bot's updates.")


async def alerts(desk: DeskUnderTest) -> Sequence[Alert]:
    return [alert for alert in await desk.store.alerts.open_ones() if alert.kind == KIND]


@pytest.mark.parametrize(("status", "why"), [(401, "accept the token"), (409, "Another process")])
async def test_a_bot_that_telegram_lets_fetch_nothing_is_told_of_and_goes_on_when_it_may(
    chat_desk: DeskUnderTest, peer: Peer, monkeypatch: pytest.MonkeyPatch, status: int, why: str
) -> None:
    monkeypatch.setattr(polling, "_LONGEST_PAUSE_S", 0.01)
    for _ in range(5):
        await peer.fault("getUpdates", status=status, description="no")
    await peer.says(7, "hello")
    (alert,) = await until(chat_desk, lambda: alerts(chat_desk))
    assert why in alert.text
    await settled(chat_desk, 2)
    assert len(await alerts(chat_desk)) == 1


async def test_of_two_desks_one_tells_and_again_only_after_it_was_well(desk: DeskUnderTest, vera: Staff) -> None:
    at = now()
    one, other = (Complaints(desk.store.alerts, lambda: at) for _ in range(2))

    async def told_after(times: int, by: Complaints) -> int:
        for _ in range(times):
            await by.hear(ELSEWHERE)
        return len(await alerts(desk))

    assert await told_after(2, one) == 0
    assert await told_after(3, one) == 1
    assert await told_after(3, other) == 1  # nobody has seen it yet
    (alert,) = await alerts(desk)
    await desk.store.alerts.acknowledge(alert.id, vera.id, at)
    assert await told_after(3, one) == 0
    at += 3 * MINUTE
    assert await told_after(3, one) == 1


async def test_what_passes_by_itself_is_nobodys_to_hear_of(desk: DeskUnderTest) -> None:
    complaints = Complaints(desk.store.alerts, now)
    for trouble in (NotNow(1.0), NotSent("x"), PerhapsSent("x"), NotNow(1.0)):
        await complaints.hear(trouble)
    assert await alerts(desk) == []


async def test_an_alert_that_cannot_be_stored_is_tried_again(desk: DeskUnderTest) -> None:
    store, complaints = desk.store.alerts, Complaints(desk.store.alerts, now)

    class Away:
        async def raise_once(self, *_: Any) -> None:
            raise Unavailable("The database does not answer.")

    complaints.alerts = Away()  # type: ignore[assignment]
    for _ in range(4):
        await complaints.hear(NO_TOKEN)
    complaints.alerts = store
    await complaints.hear(NO_TOKEN)
    assert len(await alerts(desk)) == 1


async def test_an_update_that_breaks_us_is_not_given_up_while_nobody_can_hear_of_it(
    migrated_url: str, clean: None, engine_double: EngineDouble, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = TelegramSettings(peer.token, peer.url, "https://desk.example")
    async with running_desk(migrated_url, engine_double, telegram=bot) as desk:
        telegram = desk.app.state.desk.telegram

        async def breaks(meaning: object) -> bool:
            raise TypeError("a bug")

        async def away(*_: object) -> None:
            raise Unavailable("The database does not answer.")

        async def brings() -> int:
            message = {"message_id": 3, "date": 1, "text": "poison", "chat": {"id": 7, "type": "private"}}
            message["from"] = {"id": 7, "is_bot": False, "first_name": "Ada"}
            header = {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(SECRET + "s")}
            update = {"update_id": 5, "message": message}
            return (await desk.http.post("/telegram/webhook", json=update, headers=header)).status_code

        monkeypatch.setattr(telegram.receiver, "take", breaks)
        monkeypatch.setattr(channel, "_TRIES", 1)
        with monkeypatch.context() as patch:
            patch.setattr(telegram.alerts, "raise_", away)
            assert await brings() == 503
        assert await brings() == 200
        assert [alert.kind for alert in await desk.store.alerts.open_ones()] == ["telegram"]
