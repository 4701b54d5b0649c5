"""Words and turns of phrase that show something: the heads weigh them, nobody else does.

A cue is a name and a pattern. Cues are features beside the encoder's, and the words they match are shown as evidence.
Patterns are compiled case-insensitively and read at most `bot.nlu.text.MAX_CHARACTERS` characters; keep every
repetition in them bounded.
"""

from __future__ import annotations

from bot.nlu.lexicon.feelings import FEELINGS
from bot.nlu.lexicon.problems import PROBLEMS
from bot.nlu.lexicon.situations import SITUATIONS

CUES: dict[str, str] = {**FEELINGS, **SITUATIONS, **PROBLEMS}
