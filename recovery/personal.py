"""What personal data looks like in customers' messages, and what stands in its place."""

import re
from collections.abc import Callable

FIRST_NAME, LAST_NAME = "Alex", "Taylor"
EMAIL = "alex@example.com"
PHONE = "07700 900123"  # of the numbers that are kept for drama
ORDER = "54321"
TRACKING = "RD123456789GB"
CARD = "4000 0000 0000 0000"
POSTCODE = "AB1 2CD"  # a district that no longer exists
STREET = "1 High Street"
LINK = "https://example.com"

# Names that are words too: they are names only where they are written as names.
_ALSO_WORDS = """
    an april art as at august baker be bell best bill bishop black brown by carter case cash chance christian cook day
    dean do east faith field go good grace green guy he hill hope hunter in is it jack joy june king lane little long
    love mark max may me miles moon my nick no north of old on or page park pat pope price ray read rich root rose
    sharp short so south stone strong summer sweet swift to up us van ward we west white will wise wood woods worth
    young
"""
ALSO_WORDS = frozenset(_ALSO_WORDS.split())

type Put = str | Callable[[re.Match[str]], str]
type Rule = tuple[re.Pattern[str], Put]


def in_its_case(was: str, to: str) -> str:
    """A word written as the other one was: small, large, or as it is."""
    if was.islower():
        return to.lower()
    return to.upper() if was.isupper() and len(was) > 1 else to


def _same_length(found: re.Match[str]) -> str:
    """Digits for digits."""
    return ("1234567890" * (len(found.group()) // 10 + 1))[: len(found.group())]


def _after_lead(stand_in: str) -> Put:
    """What led to the find stays; the find goes."""
    return lambda found: found.group(1) + stand_in


def _names(found: re.Match[str]) -> str:
    """One name or two, in the case in which they were written."""
    pairs = zip(found.group(2).split(), (FIRST_NAME, LAST_NAME), strict=False)
    return found.group(1) + " ".join(in_its_case(name, to) for name, to in pairs)


def _rule(put: Put, *parts: str) -> Rule:
    """Case counts."""
    return re.compile("".join(parts), re.MULTILINE), put


def _any_case(put: Put, *parts: str) -> Rule:
    return re.compile("".join(parts), re.IGNORECASE), put


_AT, _DOT = r"\s(?:at|\(at\)|\[at\])\s", r"\s(?:dot|\(dot\)|\[dot\])\s"
_SECRET = r"(?:cvv|cvc|security code|otp|passcode|pin|one[- ]time code)"  # noqa: S105 - words that lead to one
_DIGIT = r"(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred)"
_MONTH = r"(?:st|nd|rd|th)?(?: of)? [a-z]{3,9},? "
_STREETS = (
    r"(?:Street|Road|Lane|Avenue|Drive|Close|Court|Crescent|Way|Place|Terrace|Gardens|Square|Grove|Mews|Boulevard|"
    r"St|Rd|Ln|Ave|Dr|Ct|Pl|Sq|Blvd|Row|Walk|Hill|View|Rise|Parade|Estate)"
)
_SURE_STREETS = r"(?:street|road|rd|lane|avenue|ave|crescent|terrace|mews|boulevard)"
_STREET_WORD = (
    r"(?!(?:a|the|of|in|on|down|along|off|into|days?|weeks?|hours?|times?|minutes?|miles?|items?|per|by|from|to)\b)"
    r"[\w'’]{2,20} "
)
_ORDER_LEAD = (
    r"((?<!\w)(?:#\s?|R\s?-\s?|(?:order|ord)s?(?:\s+(?:number|num|no|nr|ref|reference|id))?[\s.:#-]{0,4}"
    r"(?:is\s+)?(?:R-)?))"
)
_NO_NAME = (
    r"(?!(?:There|Team|All|Sir|Madam|Everyone|Guys|Again|Still|Just|Not|Really|Very|So|Sorry|The|This|That|My|We|You|"
    r"It|Your|What|When|Where|Why|How|Is|Are|Can|Could|Please|Thanks|Bye|Redress|Harbour|Today|Tomorrow|Yesterday|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Customer|Support|Service|An?|Any|One|Someone|But|And|"
    r"Now|Yes|No|Ok|Okay|British|English|Indian|Nigerian|American|Irish|Scottish|Welsh|If|In|On|At|For|To|I|"
    r"Furious|Angry|Livid|Annoyed|Disgusted|Happy|Fine|Done|Fed|Tired|Sick|Waiting|Disabled|Pregnant|Diabetic|"
    r"Elderly)\b)"
)
_NAME = r"[A-Z][a-z'’-]{1,20}"
_ONE, _ONE_OR_TWO = rf"{_NO_NAME}({_NAME})", rf"{_NO_NAME}({_NAME}(?: {_NAME})?)"
_NO_ANSWER = r"(?!(?:not|no|right|wrong|spelt|spelled|on|in|a|the|also|still|already|never|isn|being|now)\b)"
_SECOND = (
    r"(?!(?:and|i|im|my|from|but|the|can|is|was|on|in|at|so|not|please|order|you|with|calling)\b)\w[\w'’-]{1,20}"
)

RULES: tuple[Rule, ...] = (
    # Addresses of people and machines
    _rule(EMAIL, r"[\w.+%'-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    _any_case(
        EMAIL,
        r"\b[\w.]{1,40}(?:\s(?:dot|underscore|dash)\s\w{1,40}){0,3}",
        rf"{_AT}\w{{1,30}}(?:{_DOT}\w{{2,10}}){{1,3}}\b",
    ),
    _any_case(LINK, r"\b(?:https?://|www\.)[^\s<>\"']{1,2000}"),
    _rule("@alex", r"(?<![\w@.])@\w{2,30}"),
    _rule("192.0.2.1", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
    # Numbers of accounts, and what opens them
    _any_case(TRACKING, r"\bRD(?:[\s-]?\d){9}[\s-]?GB\b"),
    _rule("GB00 BANK 0000 0000 0000 00", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    _any_case("QQ 12 34 56 C", r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),
    _rule("000-00-0000", r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
    _rule(CARD, r"(?<![\w.])\d(?:[ .-]?\d){12,18}(?!\d)"),
    _any_case(_after_lead("0000"), r"\b((?:ending|ends)(?: in| with)?:? )\d{3,4}\b"),
    _any_case(_after_lead("0000"), rf"\b({_SECRET}\b\W{{0,3}}(?:is |was )?\W{{0,2}})\d{{3,8}}\b"),
    _any_case(_after_lead("secret"), rf"\b(password(?: is|:)\s{{0,3}}){_NO_ANSWER}\S{{3,60}}"),
    _any_case(_after_lead("00-00-00"), r"\b(sort code\W{0,3}(?:is )?)\d{2}[ -]?\d{2}[ -]?\d{2}\b"),
    # Telephones, written and dictated
    _rule(PHONE, r"(?<![\w#£$€])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){7,13}(?!\d)"),
    _rule(PHONE, r"(?<![\w#£$€.+])\(?0[1-9](?:[ ().-]{0,2}\d){7,9}(?!\d)"),
    _rule(PHONE, r"(?<![\w#£$€.+])\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"),
    _any_case("oh seven seven oh oh nine", rf"\b{_DIGIT}(?:[\s,-]{{1,2}}{_DIGIT}){{5,20}}\b"),
    # A date of birth
    _any_case(
        _after_lead("01/01/1980"),
        r"\b((?:born(?: on)?|dob|d\.o\.b\.?|date of birth|birthday)\W{0,3}(?:is |was )?)",
        rf"\d{{1,2}}(?:[/. -]\d{{1,2}}[/. -]|{_MONTH})\d{{2,4}}",
    ),
    # Where somebody lives
    _any_case("", r"\b(?:flat|apartment|apt|unit|suite)\.? (?:no\.? ?)?\d{1,4}[a-z]?,? (?=\d{1,4}[a-z]?,? )"),
    _rule(STREET, r"\b\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’]{1,20} ){1,3}", _STREETS, r"\b"),
    _any_case(STREET, rf"\b\d{{1,4}}[a-z]?,? (?:{_STREET_WORD}){{1,2}}", _SURE_STREETS, r"\b"),
    _any_case(POSTCODE, r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b"),
    _rule(POSTCODE, r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d\b"),
    _any_case(_after_lead("12345"), r"\b((?:zip|post|postal|pin)[ -]?code\W{0,3}(?:is )?)\d{3,7}(?:-\d{4})?\b"),
    _rule(_after_lead("12345"), r"(, ?[A-Z]{2} )\d{5}(?:-\d{4})?\b"),
    # Orders, and every other long number
    _any_case(_after_lead(ORDER), _ORDER_LEAD, r"[1-9]\d{4}(?!\d|[.,]\d)"),
    _rule(_same_length, r"(?<![\w£$€¥₹₦.,])\d{6,40}(?![\w%])"),
    # Names that give themselves away
    _any_case(_names, rf"\b(my name(?:['’]?s| is) ){_NO_ANSWER}(\w[\w'’-]{{1,20}}(?: {_SECOND})?)\b"),
    _rule(_names, rf"\b([Ii](?:['’]?m| am) ){_ONE_OR_TWO}(?=[,.!\n]|$| and | from | here| calling)"),
    _rule(_names, rf"\b([Tt]his is ){_ONE_OR_TWO}(?= speaking| here| calling| from )"),
    _rule(_names, rf"\b((?:[Ss]p(?:oke|eaking|oken)|[Tt]alk(?:ed|ing)|[Cc]hat(?:ted|ting)) (?:to|with) ){_ONE}\b"),
    _rule(
        _names,
        r"\b((?:[Cc]alled|[Nn]amed|[Ss]igned (?:for )?by|[Aa]ddressed to|[Nn]ame of|[Ll]eft with) )",
        rf"{_ONE_OR_TWO}\b",
    ),
    _rule(_after_lead(LAST_NAME), rf"\b((?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.? )(?:{_NAME} )?{_NAME}\b"),
    _rule(_names, rf"^((?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey) ){_ONE}(?=[\s,.!]|$)"),
    _rule(
        _names,
        r"((?:[Rr]egards|[Tt]hanks|[Tt]hank you|[Cc]heers|[Ss]incerely|[Ff]aithfully|[Bb]est(?: wishes)?)",
        r"[,.!]?\s{1,3})",
        rf"{_ONE_OR_TWO}(?=[.!]?\s*\Z)",
    ),
)
