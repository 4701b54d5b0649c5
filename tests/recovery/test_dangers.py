"""Self-harm and threats to staff: told by their words, with idioms and denials let pass. In doubt, a person."""

import time

import pytest

from recovery.dangers import DangerKind, dangers_in, dangers_of, hazards_in, with_hazard
from recovery.words import ChallengeType, Trigger
from tests.recovery.builders import said

SPEAKS_OF_SELF_HARM = [
    "I'm going to kill myself",
    "i want to die",
    "kms",
    "i cant go on. im going to end my life",
    "thinking about suicide every night because of this debt",
    "If that parcel doesn't come I'll kill myself",
    "I don't want to live anymore",
    "My son says he wants to kill himself over this bill",
    "there's nothing left to live for",
    "I might hurt myself tonight",
    "been self harming since you cut my heating",
    "I'm feeling suicidal",
    "I can't stop thinking about killing myself",
    "I'm not joking, I will kill myself",
    "not kidding i'm gonna end it all",
    "I took an overdose",
    "gonna jump off a bridge",
    "I'm so desperate i'm going to jump in front of a train",
    "everyone would be better off without me",
    "better off dead tbh",
    "don't care if I die",
    "you've made me want to kill myself",
    "I am going to top myself, honestly",
    "I wish I was dead",
    "I've never wanted to die so much",
    "no point in living",
    "i have no reason to live",
    "I can't go on",
    "I want to end my own life",
    "I'm thinking of ending it all",
    "I'd like to die",
    "swallowed all my tablets",
    "killing myself seems the only way out",
    "I’m going to kill myself",
    "sucidal thoughts again",
    "She is threatening to harm herself because of your letters",
    "I just want to die.",
    "why shouldnt i just kill myself",
]
SPEAKS_OF_NOTHING_OF_THE_KIND = [
    "this app makes me want to die laughing",
    "I'm dying to see the new lamp",
    "that chocolate cake was to die for",
    "my battery died",
    "the hold music is killing me",
    "my feet are killing me",
    "I could kill for a coffee",
    "I nearly killed myself tripping over the box you left",
    "cut myself on the broken glass",
    "I hurt myself opening the box",
    "the kettle shocked me and I burnt myself when pouring",
    "I'm not suicidal, just annoyed",
    "don't worry, I'm not going to hurt myself",
    "I could have kicked myself for not checking the size",
    "the Suicide Squad poster arrived torn",
    "shot myself in the foot by ordering twice",
    "I'm dead tired of this",
    "over my dead body",
    "it died after two days",
    "I'd rather die than order from you again",
    "deadline is friday",
    "I could've died of embarrassment",
    "kill the subscription please",
    "I do it myself",
    "I had to lift it myself",
    "this can't go on like this",
    "I can't go on waiting without heating",
    "I would never kill myself over a kettle",
    "kicking myself",
    "bored to death",
    "I don't want to be here all day",
    "I fixed it myself, no thanks to you",
    "i ended up doing it myself",
    "I almost killed myself laughing at your reply",
    "no I don't want to die, I want a refund",
    "killed it! great service",
    "please end my subscription, my life is busy",
]
THREATENS = [
    "I'm going to kill your driver",
    "I will find out where you live",
    "I know where you live",
    "I'll burn your warehouse down",
    "i'm coming down there with a baseball bat",
    "I'll smash your face in",
    "we'll stab the next delivery man",
    "tell your driver I'll break his legs",
    "You're dead.",
    "I swear I will hurt you",
    "gonna kill you lot",
    "I could kill whoever packed this",
    "watch your back",
    "there is a bomb in your shop",
    "I'll punch that driver if he comes again",
    "my brother will beat him up",
    "im gonna shoot you",
    "I'll set the dogs on your driver",
    "next driver who turns up gets a punch",
    "i'll wring your neck",
    "I will hunt you down",
    "I told him I'll kill him",
    "I'm going to come to your office and stab someone",
    "I want to strangle your manager",
    "we are going to smash your windows",
    "I feel like punching the driver",
    "I'd happily throttle that agent",
    "I will slap you",
]
THREATENS_NOBODY = [
    "I'm not going to hurt anyone, I just want my money",
    "don't shoot the messenger I know",
    "your driver threatened to kill me",
    "he said I'll kill you and drove off",
    "the courier shouted I'll smash your face in",
    "you're killing me with these delays",
    "you killed it, thanks",
    "I could murder a cup of tea",
    "kill the order please",
    "I'll hit you with a one star review",
    "this company is dead to me",
    "I'll destroy you on trustpilot",
    "I will take you to court",
    "I'm going to sue you",
    "I'll beat your price elsewhere",
    "I don't want to harm your driver's record",
    "I could kill my husband for ordering the wrong size",
    "I'll kick up a fuss",
    "the driver hit my car",
    "your driver ran over my cat",
    "you should be ashamed",
    "I hope you go bust",
    "I will report you to the police",
    "the lamp blew up",
    "the charger is going to burn the house down",
    "I'd kill for a refund",
    "I'm going to run you through what happened",
    "I will attack this with glue and tell you how it goes",
    "I can kill the power to it and let you know",
    "I'd never hurt your staff",
    "I'll knock on your door if I must: which office?",
    "burn the label, I'll send the box back",
    "I will smash the box up for recycling and take photos for you",
    "I need to beat them to the punch",
]


@pytest.mark.parametrize("text", SPEAKS_OF_SELF_HARM)
def test_who_speaks_of_self_harm_is_heard(text: str) -> None:
    assert [d.kind for d in dangers_in(text)] == [DangerKind.SELF_HARM]


@pytest.mark.parametrize("text", SPEAKS_OF_NOTHING_OF_THE_KIND)
def test_idioms_accidents_and_denials_are_no_self_harm(text: str) -> None:
    assert dangers_in(text) == ()


@pytest.mark.parametrize("text", THREATENS)
def test_a_threat_to_our_people_is_heard(text: str) -> None:
    assert [d.kind for d in dangers_in(text)] == [DangerKind.STAFF_THREAT]


@pytest.mark.parametrize("text", THREATENS_NOBODY)
def test_idioms_and_what_was_said_to_the_customer_are_no_threat(text: str) -> None:
    assert dangers_in(text) == ()


def test_weak_words_count_where_the_nlu_heard_a_need_beside_them() -> None:
    text = "i can't cope, there is no way out"
    assert dangers_of(said(text)) == ()
    (danger,) = dangers_of(said(text, triggers=(Trigger.VULNERABILITY,)))
    assert (danger.kind, danger.words) == (DangerKind.SELF_HARM, "can't cope")


HOT_OR_MELTING = [
    "The lead of the lamp gets very hot and I don't like it",
    "after an hour the charger is too hot to touch",
    "toaster plug gets so hot that you can't hold it, normal?",
    "battery of the drill looks swollen",
    "the plastic around the switch has gone soft",
    "The base of my new kettle is melting",
]
HARMLESS_HEAT = [
    "the ice cream had melted and the box was soft",
    "the bath never gets hot",
    "it's very hot in the shop, can you turn the radiator down?",
    "the plastic is soft and cheap, it looked firm in the picture",
    "hot water bottle cover came in blue, I ordered red",
    "the lead time was swell",
]


@pytest.mark.parametrize("text", HOT_OR_MELTING)
def test_what_overheats_or_melts_is_a_hazard_whatever_the_engine_heard(text: str) -> None:
    heard = with_hazard(said(text, challenges=(ChallengeType.FAULTY_PRODUCT,)))
    assert heard.trigger(Trigger.SAFETY_RISK) is not None


@pytest.mark.parametrize("text", HARMLESS_HEAT)
def test_heat_that_harms_nobody_is_no_hazard(text: str) -> None:
    assert hazards_in(text) == ()


def test_words_of_hazard_count_only_where_something_of_ours_is_broken() -> None:
    asks = said("a friend's dryer caught fire, is yours safe?")
    assert with_hazard(asks) == asks
    smokes = said("the fitter was smoking in my kitchen", challenges=(ChallengeType.STAFF_CONDUCT,))
    assert with_hazard(smokes) == smokes


def test_a_hazard_that_the_engine_heard_is_told_once() -> None:
    heard = said("it is smoking", challenges=(ChallengeType.FAULTY_PRODUCT,), triggers=(Trigger.SAFETY_RISK,))
    assert with_hazard(heard) == heard


def test_the_words_that_show_it_are_told() -> None:
    (danger,) = dangers_in("Three weeks of this.\nHonestly? I’m going to END my life.")
    assert danger.words == "end my life"


@pytest.mark.parametrize(
    "text", ["i will " * 1100, "i'm going to your " * 440, "a" * 8000, "i want to " * 800, "n't " * 2000]
)
def test_a_hostile_text_of_full_length_is_read_at_once(text: str) -> None:
    began = time.process_time()
    dangers_in(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("words", "heard_so"),
    [
        ("never mind that, I burnt my hand on it, it's fine, just want a new one", True),
        ("she cut her finger on the glass", True),
        ("I cut my hair with it", False),
        ("it burnt my toast", False),
        ("I hurt my back last week", False),
    ],
)
def test_who_was_hurt_by_a_thing_is_heard_whatever_else_was_understood(words: str, heard_so: bool) -> None:
    assert bool(with_hazard(said(words)).trigger(Trigger.SAFETY_RISK)) is heard_so
