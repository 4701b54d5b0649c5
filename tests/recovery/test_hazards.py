"""An injury or a fire told in so many words is heard where no engine reads along; what only sounds so is not."""

import pytest

from recovery.dangers import DangerKind, hazards_in

TELLS_OF_ONE = [
    "the kettle is on fire",
    "OMG it’s on fire help",
    "the charger caught fire while we slept",
    "smoke is coming out of the back of it",
    "sparks came out when I plugged it in",
    "it's smoking now",
    "the battery exploded",
    "there's a smell of gas in here since your fitter left",
    "I can smell gas",
    "it gave my husband an electric shock",
    "my son has burnt his hand on it",
    "she scalded her left arm",
    "he is bleeding, the shelf came down on him",
    "we've called an ambulance",
    "my daughter swallowed one of the magnets",
    "he's having an allergic reaction to the cushion",
    "the carbon monoxide alarm went off",
    "it went up in flames",
]
TELLS_OF_NONE = [
    "your sparklers never came",
    "the gas bill is wrong",
    "I got a shock when I saw the bill",
    "you lot should be fired",
    "your fire sale was a con",
    "the fire pit is missing two screws",
    "nothing caught fire, it just doesn't turn on",
    "it didn't catch fire or anything",
    "I burnt my toast waiting for you",
    "the smoke colour is not the one I ordered",
    "this is a burning issue for us",
    "my phone blew up with notifications from you",
    "you've hurt my feelings",
    "cut my order in half please",
    "a non-smoking driver please",
    "the melting point was wrong on the label",
    "gas fitter did not turn up",
    "you're on fire today, thanks",
]


@pytest.mark.parametrize("text", TELLS_OF_ONE)
def test_who_tells_of_a_hazard_is_heard(text: str) -> None:
    assert [d.kind for d in hazards_in(text)] == [DangerKind.HAZARD]


@pytest.mark.parametrize("text", TELLS_OF_NONE)
def test_what_only_sounds_like_one_is_let_pass(text: str) -> None:
    assert hazards_in(text) == ()
