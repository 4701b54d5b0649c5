"""Cues of how a customer feels. The part before the dot says which heads may show the match as evidence."""

FEELINGS: dict[str, str] = {
    "frustration.profanity": r"\b(?:f+u+c+k\w*|fk\w*|f\*+\w*|sh[i*]t\w*|bullshit\w*|crap\w*|arse\w*|bollocks|bastards?|"
    r"pis+ed?(?: off| take)?|taking the piss|wank\w*|dickheads?|cunts?|twats?|wtf|ffs|bloody hell|goddamn\w*|screw you|"
    r"go to hell|sod(?:ding| off)|tossers?|shite|sods)\b",
    "frustration.mild_oath": r"\b(?:bloody|damn|flipping|effing|blasted|ruddy|hell|for (?:god|heaven|christ|pete)'?s sake|"
    r"for crying out loud|omg|argh+|ugh+|grr+|smh)\b",
    "frustration.insult": r"\b(?:idiots?|idiotic|morons?|moronic|clowns?|crooks?|thie(?:f|ves|ving)|liars?|lying|scammers?|"
    r"scum\w*|incompeten\w+|useless|jokers?|cowboys?|robbers?|robbed|robbing|parasites?|vile|pathetic|worthless|stupid|"
    r"dumb|shower of|shambles|criminals?|cheats?|fraudsters|cretins?|imbeciles?|muppets?|lazy|brainless|braindead|"
    r"rotten|filthy|pigs?|swine|vultures|bunch of|lot of (?:idiots|clowns|thieves)|nonsense people|no shame|smug)\b",
    "frustration.fury": r"\b(?:furious|fuming|livid|enraged|outrag\w+|disgust\w+|appall\w+|raging|seething|sick (?:to death )?of|"
    r"sick and tired|had (?:it|enough)|enough is enough|unacceptable|disgrac\w+|shame on|ashamed|how dare|despicable|"
    r"scandalous|never again|beyond a joke|worst|horrendous|atrocious|abysmal|nightmare|hate)\b",
    "frustration.weary": r"\b(?:frustrat\w+|fed up|annoy\w+|irritat\w+|exhaust\w+|tired of|ridiculous\w*|absurd\w*|a joke|farce|"
    r"had it with|end of my (?:rope|tether)|losing (?:my )?patience|patience|disappoint\w+|let down|unhappy|upset|"
    r"not (?:happy|impressed|good enough|on|acceptable|ideal|best pleased|amused)|poor (?:show|service|form)|"
    r"terrible|awful|dreadful|rubbish|hopeless|waste of|wasting|pointless|gobsmacked|unbelievable|unreal)\b",
    "frustration.sarcasm": r"\b(?:thanks for nothing|cheers for|well done|bravo|congrat\w+|nice (?:one|touch|work)|good (?:job|one)|"
    r"great (?:job|stuff|service|start)|lovely|marvell?ous|brilliant|fantastic|wonderful|charming|delightful|impressive|"
    r"top marks|slow clap|how (?:kind|lovely|nice|generous|thoughtful|reassuring)|apparently|supposedly|so-called|"
    r"allegedly|i'm sure|of course|oh (?:good|great|joy|goody|look|so|well|lovely|wonderful)|as if|what a surprise|"
    r"surprise surprise|silly me|i'd love|remarkable|truly|clearly|presumably|must be nice)\b",
    "frustration.challenge": r"\b(?:seriously|honestly|how hard|how difficult|how many (?:more )?times|what(?:'s| is) wrong with|"
    r"what (?:on earth|the hell|the heck|is the point|exactly am i)|do you (?:even|people)|are you (?:even|people|having)|"
    r"can you (?:even|not)|why (?:on earth|can't|cant|won't|do i|should i|is it so)|is (?:it|this) too much|you (?:people|lot)|"
    r"you guys|explain (?:to me|that|this|how)|nobody (?:cares|bothers|listens)|no ?one (?:cares|bothers|listens))\b",
    "frustration.ultimatum": r"\b(?:i (?:want|demand|expect|insist)|sort (?:it|this) out|fix (?:it|this)|right now|immediately|today or|"
    r"or (?:else|i(?:'ll| will|'m))|last (?:chance|warning)|final (?:warning|notice)|this instant|get (?:it|this) sorted|"
    r"asap|now!+|give me|refund me|answer me|stop (?:it|asking|telling|sending|wasting))\b",
    "frustration.polite": r"\b(?:please|pls|plz|kindly|thanks|thank you|thx|cheers|sorry|could you|can you|would you|no rush|"
    r"no worries|no problem|just (?:wondering|checking|want(?:ed)? to|let me know)|hi|hello|good (?:morning|afternoon|evening)|"
    r"appreciate|grateful|understand)\b",
    "frustration.delight": r"\b(?:love|great|perfect|happy|pleased|glad|awesome|excellent|amazing|fine|good|ok|okay|lol|haha|"
    r"works? (?:great|well|fine))\b|[😀😃😄😁😂🤣😊🙂😍👍🙏❤🎉]",
    "frustration.despair": r"\b(?:crying|cry|in tears|scream|desperate|stress\w*|anxious|worried|shaking|can'?t cope|ruined|spoil\w*|"
    r"heartbroken|devastated|humiliat\w+|embarrass\w+|insult(?:ed|ing)?|mocking|laugh(?:ed|ing)? at)\b|[😡🤬😤😠😢😭🙄😩😫💔]",
}
