"""The phrases by which a reply is read: one pattern a line. What they mean is in lexicon.py."""

import re

from recovery.words import ChallengeType


def _phrases(lines: str, start: str = r"\b", end: str = r"\b") -> re.Pattern[str]:
    """One pattern of many, each on a line of its own."""
    return re.compile(start + "(?:" + "|".join(filter(None, map(str.strip, lines.splitlines()))) + ")" + end, re.I)


TIME = _phrases(r"""
    today|tonight|tomorrow|noon|midnight|straight away|right away|at once
    this (?:morning|afternoon|evening|week)
    (?:mon|tues|wednes|thurs|fri|satur|sun)day
    next (?:van|free slot|day|bill)
    (?:with)?in (?:the )?(?:next )?(?:\d+|an?|one|two|three|four|five|ten) (?:working )?(?:minute|hour|day|week)s?
    within (?:the hour|minutes|hours)
    \d{1,2}(?:[:.]\d\d)? ?(?:am|pm)
    between \d+
    \d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*
""")
MONEY = re.compile(r"[£$€] ?\d|\b\d+(?:\.\d\d)? ?(?:pounds|euros?|%)|\bin full\b|\bfull refund\b", re.I)
FREE = _phrases(r"""
    free of charge|for free|at our cost
    no (?:extra )?(?:charge|cost)
""")
SORRY = _phrases(r"""
    sorry|apologi[sz]e|apology|apologies|forgive us
    (?:we|I) let you down
""")
# “Sorry” with a clause of some length says what for; “sorry to hear that” and “sorry for this” do not.
SORRY_FOR = _phrases(
    r"""
    sorry (?:that )?(?:we|you|your|the|it|one|nobody|this|our)\b(?:\W+\w+){3,}
    (?:sorry|apologi[sz]e|apologies) (?:for|about) (?!any|the inconvenience|this|that)(?:\w+\W+){2,}\w+
    """
)
NO_APOLOGY = _phrases(
    r"""
    sorry (?:if|to say|but|you feel|that you feel)\b
    sorry, (?:but|we can|I can)
    sorry\?
    any inconvenience
    (?:as|way of) (?:an |our )?apology|to apologise\b
    """,
    end="",
)
THANKS = _phrases(
    r"""
    thank you|thanks|grateful|appreciate
    glad you (?:told|got|let|wrote|said|raised|came)
    """,
    start=r"(?<!no )\b",
)
THANKS_FOR = _phrases(r"for|that|glad you|grateful|appreciate|helps|helped|straight to it")
STOCK_THANKS = _phrases(r"""
    contacting|reaching out|getting in touch(?! once more| again)
    your (?:message|enquiry|query|e-?mail|patience|understanding|time|cooperation|custom)
""")
CAUSE = _phrases(r"""
    because|caused by|the reason|batch|off sick|forgot|left behind|overran|took longer|line fault
    held (?:up )?(?:at|by|in|since)
    (?:got|is|was|been) stuck
    strike|storm|snow|bad weather|backlog|misrouted
    (?:wrong|another|old) (?:depot|shelf|address|van|box|label|warehouse|account|price)
    our (?:mistake|error)
    (?:our|the) (?:system|warehouse|courier|driver|packer|page|check|maker|depot) (?!is\b|will\b|can\b|'ll)\w+
    a fault (?:at|in|on|with)
    never (?:got|went|came) through
    never left (?:our|the)
    took a knock
    (?:is|'s) (?:the cause|behind)|the cause here
    mix(?:ed)?[- ]up
    (?:sat|sitting|waiting) in (?:our|a|the) queue
    double[- ]?(?:booked|charged)
    (?:charged|taken|paid) (?:you )?twice
    typed|keyed
""")
NOT_KNOWN_YET = _phrases(
    r"""
    (?:do|does|did)(?:n't| not)(?: yet)? (?:know|show|say|see|tell)
    (?:is|are)(?:n't| not)(?: yet)? (?:known|clear)
    not (?:yet )?(?:known|clear)
    can(?:'t|not)(?: yet)? (?:see|tell) (?:what|why|yet)
    nothing (?:on|in) [\w ]{3,20} shows
    still (?:finding out|looking into|checking) (?:why|what|how)
    find(?:ing)? out (?:why|what)
    """
)
VAGUE_CAUSE = _phrases(r"""
    technical (?:issues?|difficult\w+|problems?|errors?|reasons)
    high (?:demand|volumes?)
    unforeseen|operational reasons|beyond our control|due to|owing to
    some (?:kind of )?(?:issues?|problems?)
""")
REMEDIES = {
    "refund": _phrases(r"""
        refund(?:ed|ing)?
        money back
        back (?:to|on|onto|into) your (?:card|account|bank)
        (?:reach(?:es)?|(?:is|are|will be) (?:in|on)) your (?:card|account|bank)
    """),
    "replacement": _phrases(r"""
        replac\w+|swap|resen[dt]\w*
        (?:send|sent|sending|post|posted|order|get) (?:\w+ ){1,4}(?:new|right|correct|missing|another|rest|ones?)
        (?:a|the) (?:\w+ )?(?:new|right|correct) (?:one|\w+) (?:sent|is on its way|tomorrow|today)
    """),
    "credit": _phrases(
        r"""
        \bvoucher|\bgift card|\bcredit(?:ed)?\b|\bdiscount
        \boff your (?:next )?(?:bill|order)
        % off|[£$€] ?\d+(?:\.\d\d)? off
        """,
        start="",
        end="",
    ),
    "collection": _phrases(r"""
        collect(?:ed|ion|ing)?
        pick(?:ed)?[- ]?(?:it |them )?up
    """),
    "visit": _phrases(r"""
        engineers?|technicians?|assessor|repair\w*|rebook\w*
        (?:free|new|next|first) (?:slot|appointment)
    """),
    "delivery": _phrases(r"""
        (?:priority|express|next[- ]day|special) delivery
        out for delivery|re-?deliver\w*|next van|by express
    """),
    "search": _phrases(r"""
        trac(?:e|ing) (?!number)\w+
        search (?:for|has)
    """),
    "access": _phrases(r"""
        (?:sign-?in|reset|new) link
        (?:un)?lock(?:ed|ing)?|restored|reset your
    """),
    "correction": _phrases(r"""
        reverse[ds]?|reversal|reversing
        cancell?(?:ed|ing)?(?! fee)
        (?<!have to )(?<!had to )(?:correct|chas)(?:e|ed|ing)? (?:it|the|your)
        put your plan
    """),
    "manager": _phrases(r"""
        (?:letter|manager) (?:\w+ ){0,3}(?:looks?|looking|writes?|writing|calls?|will|to you|from)
    """),
    "call": _phrases(r"""
        call(?:s|ed|ing)? (?:you|back)
        (?:ring|phone) you
        a call|callback
    """),
}
# What stands after one of these is no offer: it cannot be done, or is asked about.
WITHHELD = re.compile(
    r"\b(?:can't|cannot|unable|not able|won't|don't|do not|not eligible|no longer|nor|have you|did you|never|about"
    r"|late) (?:[\w-]+ ){0,6}",
    re.I,
)
AHEAD = _phrases(
    r"""
    \b(?:I|we|you|they|he|she|it)(?:'ll| will| shall|'m going to)\b
    \bwill (?:be|call|take|write|come|send|reach|arrive|ring|get|bring)\b
    \b(?:takes?|is taking|are taking) (?:over|this|it)\b
    \bcomes next\b
    \b(?:I'm|we're) \w+ing\b
    (?:\bis|'s) (?:on its way|due|out)\b
    \bbooked\b|^done\b|^\w+ it is\b
    """,
    start="",
    end="",
)
PLAIN_CHOICE = _phrases(r"which|or|either|choose|prefer|rather")
EITHER_OR = re.compile(r"\b(?:can|could|would you|like|prefer)\b.{0,120}\bor\b", re.I)
NUMBERED = re.compile(r"^2[.)] ", re.M)
HANDS_OVER = _phrases(r"""
    tak(?:es?|ing) (?:over|this on|it from here)
    comes next|next from|team next
    (?:connect|put|pass|hand|transfer)(?:ing)? (?:you|this|it) (?:\w+ ){0,3}(?:to|through|over|with)
    (?:fetching|getting) a person
    (?:is joining|joins) (?:us|you)|is coming to this chat
    needs a person|hear from someone senior
    (?:team|person) (?:[\w ]{1,20} )?(?:is next|it is|picks (?:it|this) up|can look further|will put you first)
""")
LOOKS_BACK = _phrases(r"""
    (?:second|third|fourth|fifth) (?:time|try|contact|message|call)
    twice|once already|more than once|been here before|told us before|you came (?:back )?to us
    (?:is|was)n't the first|not the first
    (?:late|failed|broke|broken|happened|wrong|down) again
    last (?:time|week|month)
    we (?:promised|broke|told you)
    our (?:promise|word)
    as (?:we )?promised|was meant to be settled|tried to put this right before
    (?:told|wrote|written|contacted|called|asked|chased|raised|reported|rang)\b[^.!?]{0,60}\b(?:before|already|earlier)
    (?:told|wrote|written|contacted|called|asked|chased|raised|reported|rang)\b[^.!?]{0,60}\b(?:last|ago|on \d+)
    you(?:'ve| have)? (?:told|wrote|contacted|called|asked|chased|raised|reported|rang) us on
    since your (?:first|last)
    your (?:first|last|earlier|previous) (?:message|call|case|complaint|report|e-?mail|chat)
""")
FEELS_WITH = _phrases(r"""
    I (?:can )?(?:see|hear|understand|know|realise|get)
    I've (?:read|seen|got|looked)|I have (?:read|seen|order|your)
    you (?:told|have every|say|wrote|waited|paid)
    you(?:'ve| have) (?:told|been|had|waited|every)
    you're right|so this is about|must (?:be|have been)|no wonder|shouldn't have (?:to|had)
    that's not (?:how|what|good)
    how (?:frustrating|worrying|upsetting|annoying|awful)
""")
ASKS_FOR = {
    "order_number": _phrases(r"(?:order|reference) (?:number|no|id)"),
    "email": _phrases(r"e-?mail"),
    "phone": _phrases(r"(?:phone|telephone|mobile) number"),
}
# What a reply does to the problem: it offers, puts right, declines, closes or urges.
OFFERS = _phrases(r"""
    offer|voucher|credit|discount|gift card|goodwill|money back|half price
    replac\w+|compensat\w+
    send (?:you )?(?:a|another)
    how about|make up for it|you can have|new (?:one|\w+) can
    free (?:month|delivery)|months?(?: for)? free
    \d+% (?:back|off)
    (?:can|could|'?ll|will|would like to) (?:refund|re-?book|give|add|raise|do|post|put)
    (?:would you like|shall i|do you want|would) (?:a|an|the|to have|me to (?:refund|re-?book|send|book))
    would you like (?!(?:me )?to know|to hear|anything|any more|help)\w+
    may i suggest|enjoy (?:an? |[£$€]?\d)\S*|agree(?=\?)
    (?:re-?book|another \w+|a new \w+)\b(?=[^.!?]{0,40}\?)
    ^or (?:drop|take|keep|leave|collect|swap|send|return|choose)
""")
PUTS_RIGHT = _phrases(r"""
    (?:i|we)(?:'ve| have) (?:\w+ ){0,2}(?:put|booked|sent|cancelled|refunded|returned|arranged|asked|opened)
    (?:i|we)(?:'ve| have) (?:\w+ ){0,2}(?:found|moved|fixed|changed|removed|closed|ordered|added|passed|raised)
    (?:i|we)(?:'ve| have) (?:\w+ ){0,2}(?:set|taken|reserved|corrected|re-?set|unlocked|credited|stopped)
    (?:it'?s|that'?s|all|both|now|been|is|are) (?:\w+ )?(?:booked|sent|cancelled|refunded|done|sorted|fixed)
    (?:it'?s|that'?s|all|both|now|been|is|are) (?:\w+ )?(?:unlocked|delivered|changed|removed|closed|corrected)
    (?:it'?s|that'?s|all|both|now|been|is|are) (?:\w+ )?(?:credited|yours|back|on (?:its|the|their) way)
    ^(?:booked|sent|done|found it|sorted|cancelled|refunded|fixed)
    ^(?:released|restored|stopped|overturned|reserved|registered|started|unlocked|removed|verified|approved)
    (?:order|refund|plan|parcel|price|slot|account|fee|exchange) (?:\S+ ){0,2}(?:restored|sent|removed|released)
    (?:order|refund|plan|parcel|price|slot|account|fee|exchange) (?:\S+ ){0,2}(?:booked|locked|registered|moved)
    (?:colleague|specialist|manager|person|team)\b.{0,40}\b(?:will|'ll|is|can) \w+
    passing (?:this|everything|it|you)
""")
# It is being seen to: a short answer to this is no giving up.
ATTENDS = _phrases(r"""
    (?:one|a|just a) (?:moment|sec|second|minute)|bear with|hang on|hold on|let me (?:check|look|see|find)
    (?:i'?m|we'?re|i am|we are) (?:\w+ )?(?:checking|looking|asking|finding|on it)
    take your time|no rush
""")
DECLINES = _phrases(r"""
    the (?:most|best|maximum|highest) (?:i|we|that i|offer)
    (?:most|best) (?:i'm|i am|we're|offer)|my (?:best|final) offer
    go (?:beyond|above|higher|any further)
    (?:only|just) able to|(?:able|allowed) to \w+ up to|up to £
    (?:isn'?t|is not|no longer) possible|(?:isn'?t|not) available|not able|unable
    can(?:'t|not| not) (?:do|offer|go|give|change|make|refund|help)
    afraid (?:not|that|i|we|it)
""")
CLOSES = _phrases(r"""
    anything else|something else i can|any(?:thing)? more i can|is there more i can
    (?:have|enjoy) (?:a|your) \w*\s?\w*day
    thanks for (?:chatting|contacting|getting in touch)
    leave (?:us )?(?:some )?feedback|rate (?:this|your)
    glad (?:i could|to) help
    (?:was|is) (?:this|that|it) helpful
    (?:did|has|have) (?:that|this|it|i|we) (?:solve|resolve|answer|help|fix)(?:ed)?
    thank you for your feedback
""")
URGES = _phrases(r"""
    ^(?:try|switch|press|hold|turn|restart|reset|check|choose|type|enter|click|tap|go to|let'?s|reply)
    ^you (?:can|could|may)
    please
""")
COURTESY = _phrases(r"""
    sorry|apolog\w+|thanks?|thank you|i (?:understand|see)|got it|of course|no problem|hello|hi
""")
STOCK = _phrases(r"""
    unfortunately|any inconvenience|calm down|please be patient|valued customer|it is what it is|you feel that way
    as (?:I|we)(?:'ve| have)? (?:already )?(?:said|told|explained|mentioned)
    you should(?:n't| not)? have(?! to\b)|you failed to
    per (?:our|my|the) (?:policy|terms)|our policy
    not our (?:fault|problem|responsibility)
    nothing (?:I|we) can do
""")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
# Words that say nothing about what a conversation is about.
EMPTY = frozenset(
    """
    about after again also and any anything anyone are because been before being both but can could customer
    case chat company contact day did does done down each ever every for from get getting give given gone good
    got had has have having hello help her here him his how into item its just know let like made make many more
    morning most much must name need never not nothing now number off only order other our out over package
    parcel please product put really reply same say says service she should since some someone something sorry
    still such sure take team tell than thank thanks that the their them then there these they thing this those
    time today told tomorrow too took two until very want wants was way well went were what when where which
    while who why will with would write yes yet you your yours yourself
    """.split()  # noqa: SIM905 - a list of words is read more easily so
)
# By which words a problem is named, besides the customer's own.
PROBLEMS = {
    ChallengeType.LATE_DELIVERY: "late delay wait due promised overdue arrive",
    ChallengeType.LOST_PARCEL: "lost missing stolen reached track search",
    ChallengeType.DAMAGED_ITEM: "damage broken crack smash dent torn",
    ChallengeType.WRONG_ITEM: "wrong different instead another colour size",
    ChallengeType.MISSING_ITEM: "missing left part incomplete without",
    ChallengeType.FAULTY_PRODUCT: "faulty fault fail stop break broke work",
    ChallengeType.NOT_AS_DESCRIBED: "described description page listing said expected promised picture",
    ChallengeType.REFUND_DELAY: "refund money back owe wait",
    ChallengeType.BILLING_ERROR: "charge twice payment bill money wrong",
    ChallengeType.SUBSCRIPTION_PROBLEM: "plan subscription renew membership price",
    ChallengeType.CANCELLATION_PROBLEM: "cancel cancellation ended stopped charged",
    ChallengeType.RETURN_PROBLEM: "return collect collection back pick driver",
    ChallengeType.ACCOUNT_ACCESS: "account login sign password lock",
    ChallengeType.SERVICE_OUTAGE: "outage without connection line broadband internet",
    ChallengeType.MISSED_APPOINTMENT: "appointment visit engineer technician missed slot came",
    ChallengeType.STAFF_CONDUCT: "treated rude manner spoke spoken behaviour staff driver",
    ChallengeType.PRIVACY_SECURITY: "data account security private details somebody stranger",
    ChallengeType.SAFETY_INCIDENT: "hurt injury burn fire smoke shock safety danger unsafe happened",
}

# The customer says that we took it wrongly.
CORRECTS_US = _phrases(r"""
    not what I (?:said|say|meant|mean|asked|wrote|told|am saying|was saying)|not what I'm (?:saying|asking)
    (?:that|this|it)(?:'s| is|s)? not (?:my|the) (?:problem|question|issue|point)
    you(?:'ve| have)? (?:misunderstood|misunderstand|misread|misheard|got (?:it|me|that|this) wrong)
    you(?:'re| are) not (?:listening|reading)
    I (?:never|didn't|did not) (?:say|said|ask|asked|mention|mentioned|write|wrote)\b
    wrong end of the stick
    that is(?: not|n't) it|that's not it
""")
SAYS_NO = re.compile(r"^\W*(?:no|nope|nah|not)\b", re.I)
