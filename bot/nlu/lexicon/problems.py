"""Cues of what went wrong: the plain words for each challenge type, and the turns of phrase beside them."""

_THING = r"(?:parcel|package|order|delivery|item|box|shipment|sofa|bed|mattress|fridge|phone|laptop|telly|tv)"

PROBLEMS: dict[str, str] = {
    "late_delivery.late": r"\b(?:late|delay(?:ed|s)?|overdue|days? (?:over|past|late|behind)|weeks? (?:over|past|late|behind)|past (?:its|the) (?:date|"
    r"due)|was (?:due|supposed|meant) (?:to (?:come|arrive|be (?:here|delivered))|on|by|last|yesterday|today)|should(?:'ve| have) (?:come|arrived|"
    r"been (?:here|delivered)|turned up)|not (?:yet )?(?:here|arrived|come|delivered|shipped|dispatched)|hasn'?t (?:come|arrived|turned up|shipped|moved|left)|"
    r"haven'?t (?:received|had|got)|didn'?t (?:come|arrive|turn up)|still (?:not here|on (?:its|the) way|in transit|at (?:the )?depot)|no sign of|"
    r"nowhere|tracking|express|next[ -]day)\b",
    "lost_parcel.lost": r"\b(?:lost|stolen|nicked|vanish\w*|disappear\w*|trace|says? (?:it'?s |it was |was )?delivered|(?:shown|marked|showing|shows|status) "
    r"(?:as )?(?:delivered|signed)|never (?:received|came|arrived|got)|safe ?place|porch|(?:left|photo|picture) (?:\w+ ){0,4}(?:door|step|bin|neighbour|street|porch|"
    r"outside|pavement)|signed (?:for )?by|not my (?:door|house|porch)|neighbours?|missing parcel|gone missing|in the bin|wrong (?:house|address|door))\b",
    "damaged_item.damaged": r"\b(?:damag\w*|smash\w*|crack(?:ed|s|ing)?|shatter\w*|dent(?:ed|s)?|scratch\w*|torn|ripped|crush\w*|bent|snapped|chipped|chip|"
    r"in (?:bits|pieces|two|half)|soaked|wet|squashed|leak(?:ed|ing)? (?:all|every|in the)|stain\w*|arrived (?:broken|in|with)|came (?:broken|in (?:bits|"
    r"two|pieces|half)|with a)|broken (?:on arrival|glass)|gouge|buckled|warped|split|burst|mangled|battered|dropped)\b",
    "wrong_item.wrong": r"\b(?:wrong (?:\w+ )?(?:item|one|size|colou?r|product|model|order|thing|shoes?|shirt|dress|version|book|part|cable|code)|wrong|instead of|i ordered|"
    r"ordered (?:a|the|an|two|three|size|black|white|blue|red|green)|wanted|not what i (?:ordered|bought)|somebody else'?s (?:order|box|stuff)|different (?:one|colou?r|"
    r"size|model|item|product)|sent (?:me|us) (?:a|an|the|some)|mix(?:ed)?[ -]?up|mixed|swapped)\b",
    "missing_item.missing": r"\b(?:missing|only (?:got|received|one|two|half|\d|came|had|a)|half (?:of )?(?:the|my) (?:order|box|stuff)|other half|not in the (?:box|bag|parcel)|"
    r"(?:wasn'?t|weren'?t|isn'?t|not|nothing) in (?:the|there|it)|empty|without (?:the|its|a|any) (?:\w+ )?(?:cable|charger|screws?|legs?|lid|bolts?|remote|manual|part|"
    r"parts|plug|lead)|no (?:screws?|bolts?|legs?|charger|cable|lid|remote|plug|batteries|instructions)|short|incomplete|left out|forgot|rest of|where(?:'s| is) the "
    r"other|instead of (?:two|three|four|five|six|\d+)|screws?|bolts?|pieces missing)\b",
    "faulty_product.faulty": r"\b(?:fault(?:y|s)?|broke(?:n)?(?: down)?|stopped|stops|(?:won'?t|doesn'?t|does not|not|isn'?t|don'?t|can'?t|wont|doesnt|never) (?:\w+ )?(?:turn(?:ing)? on|"
    r"work(?:s|ing)?|start(?:ing)?|charg(?:e|ing)|heat(?:ing)?|spin(?:ning)?|switch(?:ing)? on|cool(?:ing)?|hold(?:ing)?|connect(?:ing)?|power(?:ing)?)|dead|died|packed (?:in|up)|"
    r"conked|knackered|malfunction\w*|defect\w*|error code|flash\w*|flick\w*|leak(?:s|ing)?|noise|noisy|buzz\w*|rattl\w*|bang(?:s|ing)?|grinding|dies|battery|freez\w+|ices?|"
    r"repair(?:ed|s)?|warranty|guarantee|not heating|second (?:wash|use|day)|after (?:two|three|a|one|\d) (?:weeks?|days?|months?|uses?|washes?))\b",
    "not_as_described.described": r"\b(?:listing|listed|advert(?:ised|isement)?|ad|description|described|(?:in|on) the (?:photo|picture|site|page|website)|(?:photo|picture)s?|page "
    r"(?:said|says|shows)|website (?:said|says)|says? (?:it'?s|on the)|supposed to be (?:real|genuine|solid|leather|waterproof|new|a|the)|fake|counterfeit|replica|genuine|real leather|"
    r"plastic|knock ?off|imitation|not (?:real|genuine|leather|waterproof|solid|silver|gold|new|what (?:it|the|was))|second[ -]hand|used|refurb\w*|as new|brand new|"
    r"misleading|mis-?sold|smaller|shorter|thinner|slower|specs?|megs?|mbps|waterproof|sloppy|half[ -]?(?:done|hearted)|clean(?:er|ers|ing|ed)?|con)\b",
    "refund_delay.refund": r"\b(?:refund\w*|money back|my money|reimburs\w*|credit(?:ed)? (?:back|note|to)|returned (?:it|the|my)|not (?:reached|hit|shown|in) my (?:account|bank|card)|"
    r"pay(?:ing)? me back|owe me|owed|penny)\b",
    "billing_error.billed": r"\b(?:charg(?:ed|es|ing|e)|bill(?:ed|s|ing)?|invoice\w*|statement|direct debit|debit(?:ed)?|deduct\w*|overcharg\w*|double|twice|payment(?:s)?|took|taken|"
    r"came out|gone out|pric(?:e|ed)|fee|cost|vat|tariff|meter|out of my (?:account|bank))\b",
    "subscription_problem.plan": r"\b(?:subscri\w+|membership|plan|renew\w*|auto[ -]?renew\w*|trial|monthly|premium|upgrad\w*|downgrad\w*|pause[d]?|streaming plan|contract|skip|box "
    r"every|package|tier|prime|family plan)\b",
    "cancellation_problem.cancelled": r"\b(?:cancel\w*|bookings?|reservation|booked|no[ -]show fee|out of stock|no stock|tickets?|hotel|flight)\b",
    "return_problem.return": r"\b(?:return(?:s|ed|ing)?|send(?:ing)? (?:it|them|this) back|sent (?:it|them|this) back|return label|label|rma|collect(?:ion|ed|s)?|pick(?:ed)?[ -]?up|drop[ -]?off|"
    r"restocking|take it back|qr code|locker|prepaid|refused)\b",
    "account_access.access": r"\b(?:log(?:ged)?[ -]?(?:in|on|out)|login|sign(?:ed)?[ -]?in|password|passcode|locked (?:out|my)|lock(?:ed)?|account|verification|verify|two[ -]factor|2fa|otp|"
    r"authenticator|reset|code|captcha|username|suspended|frozen|blocked|deactivated|e-?mail address|access)\b",
    "service_outage.down": r"\b(?:broadband|internet|wi-?fi|signal|network|line|router|connection|offline|outage|down|no (?:internet|service|signal|connection|tv|phone|dial tone)|dropping|drops|"
    r"buffer\w*|streaming|stream|app (?:crash\w*|won'?t|doesn'?t|keeps|is|just)|crash\w*|website|site|server|error|loading|lag\w*|fibre|speed|dial tone|channels?|hotspot\w*)\b",
    "missed_appointment.missed": r"\b(?:appointment|slot|engineer|technician|installer|installation|fitter|plumber|electrician|no[ -]show(?:ed)?|didn'?t (?:show|turn up|come)|nobody (?:came|"
    r"turned up|showed|has come)|no ?one (?:came|turned up|showed)|never (?:came|showed|turned up)|waited in|stayed in|sat in|day off|visit|rebook\w*|reschedul\w*|window|aerial|"
    r"between \w+ and \w+)\b",
    "staff_conduct.rude": r"\b(?:rude\w*|hung up|swore at|shout(?:ed|ing)? at|laugh(?:ed|ing)|attitude|unprofessional|aggressive|insult(?:ed|ing)?|sighed|condescend\w*|patroni[sz]\w*|smirk\w*|"
    r"racist|sexist|threaten(?:ed|ing)?|(?:called|told) (?:me|my \w+) (?:a|to|an|stupid)|driver|courier|delivery (?:man|guy|boy|executive|driver|person)|agent|rep|colleague|staff|behav\w+|"
    r"language|drunk|on his phone|speeding|urinat\w*|spat|pushed|grabbed|flirt\w*|ignored me|manners|tone|mocked|smok(?:ed|ing))\b",
    "privacy_security.privacy": r"\b(?:hack(?:ed|er)?|breach|data|privacy|leak(?:ed)?|gdpr|personal (?:details|data|information)|someone else'?s (?:\w+ )?(?:details|name|address|order|account|invoice|"
    r"data)|another (?:customer|person|man|woman)'?s?|stranger|my (?:address|details|number|email|data)|identity|phish\w*|scam\w*|unauthori[sz]ed|someone (?:got|has|is|else|logged|used|opened|"
    r"changed)|somebody (?:else|got|has|used)|i (?:didn'?t|never|did not) (?:order|place|make|buy|open|request)|not me|shared my|gave (?:out )?my|copied)\b",
    "safety_incident.harm": r"\b(?:burn(?:t|ed|s|ing)?|scald\w*|shock(?:s|ed)?|electrocut\w*|fire|flames?|smoke|explod\w*|exploded|explosion|blew|sparks?|stitches|injur\w*|bleed\w*|blood|cut (?:my|his|her)|"
    r"a&e|hospital|ambulance|rash|hives|reaction|allergic|poison\w*|sick|vomit\w*|glass in|collaps\w*|fell|gas leak|carbon monoxide|singed|blister\w*|tooth|rib|broke(?:n)? (?:my|his|her|arm|"
    r"wrist|finger)|scorch\w*|melted|mould|contaminat\w*|choked?)\b",
    "thing.delivery": rf"\b(?:{_THING}s?|courier|driver|tracking|depot|van)\b",
    "thing.negated": r"\b(?:no|not|never|nothing|none|cannot|can't|cant|won't|wont|don't|dont|didn't|didnt|isn't|isnt|hasn't|hasnt|haven't|without|nope|nah)\b",
    "thing.not_the_issue": r"\b(?:not the (?:issue|problem|point)|did (?:arrive|come)|isn'?t the (?:issue|problem)|that'?s fine|not about)\b",
    "thing.question": r"(?:^|[.!?]\s{0,3})(?:do|does|can|could|is|are|how|what|when|where|which|will|would|if|any)\b|\?",
    "thing.before_purchase": r"\b(?:do you (?:sell|have|stock|ship|deliver|offer|do|take)|how (?:much|long|do i|many|does)|if i (?:order|buy|return|cancel)|before i (?:order|buy)|can i (?:return|order|use|pay|"
    r"change|get|add|still)|thinking of|in stock|what(?:'s| is) (?:the|your) (?:policy|difference|price)|is it possible|opening hours|what time)\b",
    "thing.status": r"\b(?:any (?:news|update|word|progress|joy)|update|status|where(?:'s| is| are)|wheres|eta|when (?:will|is|are|can)|has (?:my|the|anyone|it)|have (?:you|they)|checking|what'?s happening|"
    r"progress|latest|track(?:ing)?)\b",
    "thing.offer_yes": r"\b(?:i(?:'ll| will|'d) (?:take|accept|have|go for|go with|like)|(?:go|carry) on then|go ahead|deal|accept|that works|sounds (?:good|fair)|fair enough|do that|yes to|happy with)\b",
    "thing.offer_no": r"\b(?:(?:don'?t|do not|didn'?t) want|no (?:thanks|thank you|deal|to the)|not (?:interested|accept\w*|enough|good enough|another)|won'?t (?:cover|accept|do)|keep your|stick your|"
    r"rather (?:have|not)|instead i|insult\w*|voucher|credit|gesture|goodwill|discount|% off|replacement)\b",
    "thing.thanks": r"\b(?:thanks|thank you|thx|ta|cheers|appreciate\w*|grateful|legend|lifesaver|star)\b",
    "thing.bye": r"\b(?:bye|goodbye|see (?:you|ya)|take care|have a (?:good|nice)|good ?night|ttyl|that'?s all|cya|later)\b",
    "thing.hello": r"^\W{0,3}(?:hi|hello|hey|hiya|helo|yo|good (?:morning|afternoon|evening|day)|morning|evening|howdy|greetings|namaste)\b",
    "thing.yes": r"^\W{0,3}(?:yes|yeah|yep|yup|ya|aye|correct|right|sure|ok(?:ay)?|exactly|indeed|that'?s (?:right|it|correct)|true|affirmative|i did|it is|it does)\b",
    "thing.no": r"^\W{0,3}(?:no+|nope|nah|not|never|negative|wrong|incorrect|that'?s not)\b",
}
