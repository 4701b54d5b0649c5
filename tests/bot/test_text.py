"""What of a message the model reads."""

from bot.nlu.text import understood


def test_which_long_number_a_message_names_makes_no_difference_to_what_is_understood() -> None:
    assert understood("order 31575 was £329 in 2026, ring 07700900142") == understood(
        "order 90210 was £329 in 2026, ring 07700900999"
    )
    assert len(understood("sorry, I meant 31575")) == len("sorry, I meant 31575")
    assert "£329 in 2026" in understood("it was £329 in 2026")
