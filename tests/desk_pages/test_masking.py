"""What is hidden from whom."""

from typing import Any

import pytest

from casework.ports import Staff
from desk.masking import masked_email, masked_phone, masked_text, masked_value

SECRETS = "write to maya.f@example.com or call 07700 900123, my card is 4929 1234 5678 9012"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("joan@example.com please", "j•••@example.com please"),
        ("call 07700 900123.", "call ••• 23."),
        ("call +44 7700 900123", "call ••• 23"),
        ("(020) 7946 0958 is mine", "••• 58 is mine"),
        ("card 4929-1234-5678-9012!", "card •••• 9012!"),
        ("4929123456789012", "•••• 9012"),
        ("order 10482 of 16 Nov for £1,299.00", "order 10482 of 16 Nov for £1,299.00"),
        ("case 311, event 5512, 2026-11-22", "case 311, event 5512, 2026-11-22"),
        ("no numbers at all", "no numbers at all"),
    ],
)
def test_addresses_phones_and_cards_are_masked_and_order_numbers_are_not(text: str, masked: str) -> None:
    assert masked_text(text) == masked


def test_what_is_no_address_and_no_phone_is_hidden_whole() -> None:
    assert masked_email("nonsense") == "•••"
    assert masked_phone("12") == "•••"
    assert masked_email("") == "•••"


def test_every_string_in_json_is_masked() -> None:
    value = {"a": ["j@example.com", 5, None], "b": {"c": "07700900123"}}
    assert masked_value(value) == {"a": ["j•••@example.com", 5, None], "b": {"c": "••• 23"}}


async def _told_secrets(company: Any) -> str:
    conversation: str = await company.hands_over(words=f"I want to talk to a person, {SECRETS}")
    return conversation


async def test_only_the_agent_who_has_the_conversation_sees_it_as_it_is(
    company: Any, asha: Staff, ben: Staff, vera: Staff
) -> None:
    conversation = await _told_secrets(company)
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with company.browser(asha) as owner:
        for path in ("", "/messages"):
            assert "07700 900123" in await owner.page(f"/desk/conversations/{conversation}{path}")
    for who in (ben, vera):
        async with company.browser(who) as other:
            for path in ("", "/messages", "/pieces"):
                shown = await other.page(f"/desk/conversations/{conversation}{path}")
                for secret in ("maya.f@", "900123", "1234 5678", "maya.fletcher1@", "07700 900001"):
                    assert secret not in shown, (who.role, path, secret)


async def test_the_queue_masks_what_it_quotes(company: Any, asha: Staff) -> None:
    await _told_secrets(company)
    async with company.browser(asha) as browser:
        for path in ("/desk?view=all", "/desk/queue?view=all"):
            shown = await browser.page(path)
            assert "900123" not in shown
            assert "maya.f@" not in shown


async def test_the_log_its_search_and_its_export_are_masked(company: Any, vera: Staff) -> None:
    conversation = await _told_secrets(company)
    async with company.browser(vera) as browser:
        for path in ("/desk/log", "/desk/log?words=card", f"/desk/log/{conversation}"):
            shown = await browser.page(path)
            assert "900123" not in shown
            assert "maya.f@" not in shown
        export = await browser.get(f"/desk/log/{conversation}/export")
    assert "attachment" in export.headers["content-disposition"]
    assert "900123" not in export.text
    assert export.json()["messages"][0]["text"].endswith("my card is •••• 9012")


async def test_a_note_about_a_support_need_is_for_the_owner(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await company.hands_over("C020", "Edith Wainwright")
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with company.browser(asha) as owner, company.browser(ben) as other:
        assert "ring twice" in await owner.page(f"/desk/conversations/{conversation}")
        seen = await other.page(f"/desk/conversations/{conversation}")
    assert "support need" in seen
    assert "ring twice" not in seen
