"""A vulnerability needs something that shows one: a family word alone does not."""

import pytest

from bot.nlu.frailty import shown


@pytest.mark.parametrize(
    "text",
    [
        "My mum's birthday present hasn't arrived",
        "my wife is upset, her present is late",
        "the vase was for my grandma's birthday and it came smashed",
        "it's for my son and he starts school on monday",
        "its my dads 70th tomorrow and the kettle still hasnt come",
    ],
)
def test_family_words_alone_show_none(text: str) -> None:
    assert not shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "my dad is 84 and lives alone",
        "my daughter is diabetic and her insulin is in that fridge",
        "my mum passed away in June",
        "no heating since friday and my son is three weeks old",
        "my elderly mother can't get upstairs",
        "I walk with a frame",
        "the kettle is broken",
    ],
)
def test_what_shows_one_is_left_to_the_head(text: str) -> None:
    assert shown(text)
