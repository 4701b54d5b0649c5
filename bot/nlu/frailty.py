"""Whether the words show a vulnerability, or merely that somebody has a family.

"My mum's birthday present" names a mother and no need. So where a family word is all that speaks for a vulnerability,
the head must be much surer of it than else: something has to show it, such as an illness, a great age, a small baby,
a death, or nobody to help.
"""

from __future__ import annotations

import re

from bot.nlu.evidence import matched

SURER = 0.9  # than this, where only family words speak for it; on the development sets nothing true lies between
FAMILY = re.compile(
    r"\b(?:mum|mother|mom|mam|dad|father|parents?|nan|nana|gran(?:dad|ny|dma|dpa|dmother|dfather)?|son|daughter|wife"
    r"|husband|partner|sister|brother|child|children|kid|little (?:one|boy|girl)|niece|nephew|aunt(?:ie)?|uncle)(?:'?s)?\b",
    re.IGNORECASE,
)
SHOWS = re.compile(
    r"\b(?:alone|on (?:my|her|his|their) own|frail|unwell|disable\w*|special needs|benefits|universal credit|food ?bank"
    r"|no (?:money|food|heat\w*|hot water|water|power|electric\w*)|(?:in|with) pain|nurse|doctor|gp|ambulance"
    r"|without (?:any |her |his |their )?(?:heat\w*|hot water|food|water|money|power|electric\w*|medic\w+|tablets)"
    r"|can'?t (?:afford|walk|get (?:out|about|up|downstairs|upstairs)|stand|see|hear|leave|breathe|eat|cope|manage)"
    r"|(?:cold|freezing)|chemist|pharmacy|prescription|tablets|inhaler|tube|(?:walking|zimmer) frame|with a frame"
    r"|stairlift|fall|fell|burns?|scared|struggl\w+|homeless|refuge|nappies|premature|preemie|in a home"
    r"|passed (?:on|in|last|this)|(?:he|she|since (?:he|she|they)) passed|only (?:just )?lost|died"
    r"|in (?:his|her|their|my) (?:seventies|eighties|nineties)|[789]\d|1[01]\d"
    r"|(?:\d|one|two|three|four|five|six)[- ](?:year|yr|month|week|day)s?[- ]old)\b",
    re.IGNORECASE,
)


def shown(text: str) -> bool:
    """Whether anything but a family word speaks for a vulnerability."""
    flat = text.replace("’", "'")
    if not FAMILY.search(flat) or SHOWS.search(flat):
        return True
    return any(not _family_alone(piece) for piece in matched(flat, ("vulnerability.",)))


def _family_alone(piece: str) -> bool:
    """ "my nan", which the cue of people in need matches also where she needs nothing."""
    words = piece.lower().split()
    return len(words) == 2 and words[0] == "my" and FAMILY.fullmatch(words[1]) is not None
