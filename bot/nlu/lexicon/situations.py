"""Cues of what a message says about the customer's situation: one or more for each trigger.

The part before the dot is the trigger for which a match is shown as evidence.
"""

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|several|[2-9]|[1-9][0-9])"
_PERIOD = r"(?:weeks?|wks?|months?|fortnights?|years?)"
_ORDINAL = r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|[1-9][0-9]th|nth|umpteenth)"
_FAMILY = r"(?:mum|mother|mom|mam|dad|father|nan|nana|gran(?:dad|ny|dma|dpa|dmother|dfather)?|son|daughter|baby|wife|husband|child)"

SITUATIONS: dict[str, str] = {
    "repeated_contact.times": rf"\b(?:{_ORDINAL} (?:time|message|email|call|attempt|one|visit|replacement|week running|go|chat|"
    rf"person|agent|engineer|technician)|{_COUNT} (?:times|calls|emails|messages|chats|visits|people|agents|attempts|tickets|"
    r"letters|replacements)|twice|thrice|countless|every (?:day|week|few days)|daily|again and again|over and over|"
    r"number (?:two|three|four|[2-9]))\b",
    "repeated_contact.before": r"\b(?:i(?:'ve| have)? (?:already |just )?(?:told|tell|said|explained|asked|emailed|e-mailed|called|rang|"
    r"phoned|messaged|written|wrote|complained|reported|raised|chased|contacted|spoke[n]?|rung|sent) (?:you|to|this|it|that|"
    r"about|with|in|on|them|last|my|the|before|yesterday|already)|as i (?:said|told|explained)|already (?:told|said|explained|"
    r"reported|asked|called|sent|raised|given|gave|spoke)|like i (?:said|told)|chas(?:ed|ing|e)|follow(?:ed|ing)?[ -]?up|"
    r"last (?:agent|person|guy|lady|fella|time i|chat)|previous(?:ly)?|still (?:no|not|waiting|hasn)|when i (?:rang|called|phoned)|"
    r"raised (?:this|it|a)|complained|told (?:the|your|them|him|her))\b",
    "repeated_contact.failed_again": r"\b(?:the (?:replacement|new one|second one|next one)|replacement|(?:broken|wrong|failed|late|missing|"
    r"cancelled|gone|dead|charged|happened|down|same (?:fault|problem|thing|issue)).{0,12} again|yet again|once again|again|"
    r"same (?:fault|problem|thing|issue|story|mistake)|another (?:one|engineer|broken|wrong|no[ -]show))\b",
    "broken_promise.word": r"\b(?:promis\w+|guarant\w+|assur(?:ed|ance|ances)|swore|sworn|gave (?:me )?(?:his|her|your|their) word|your word|"
    r"commit(?:ted|ment)|pledged?|hand on heart|was to be|vowed|honou?r(?:ed)?)\b",
    "broken_promise.said": r"\b(?:you(?:r (?:\w+ ){1,3})? (?:all )?(?:said|told|swore|agreed|confirmed|wrote|quoted)|i was (?:told|assured|promised|given)|"
    r"(?:he|she|they|agent|lady|man|guy|chap|fella|girl|rep|colleague|somebody|someone|technician|engineer) (?:said|told|swore|promised|"
    r"confirmed|agreed)|was told|were told|in writing|supposed to (?:ring|call|be)|would (?:ring|call|phone) (?:me )?(?:back|by)|call ?back)\b",
    "broken_promise.paid": r"\b(?:paid|pay|paying|paid extra) (?:\S+ ){0,4}(?:express|next[ -]day|priority|premium|special|same[ -]day|guaranteed|"
    r"signature|white glove|named day)|express (?:delivery|shipping)|next[ -]day\b",
    "long_wait.span": rf"\b(?:(?:a|one|over a|nearly a|almost a|{_COUNT}|a couple of|a few|eleven|twelve|thirteen|fourteen|fifteen|"
    rf"sixteen|[1-9][0-9]?) (?:whole |full |solid |bloody |more )?{_PERIOD}|(?:[3-9]|[1-9][0-9]|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|thirteen|fourteen) (?:working |whole |full )?(?:days|nights|hours|hrs))\b",
    "long_wait.hold": r"\b(?:on hold|(?:on|in) (?:the|your) (?:phone|queue|line)|queue|(?:[2-9][0-9]|half an|an|forty|fifty|thirty) "
    r"(?:minutes?|mins?|hour)|all (?:day|morning|afternoon|week|night)|since (?:\w+ ){0,3}(?:january|february|march|april|may|june|july|"
    r"august|september|october|november|december|last|the|before|monday|tuesday|wednesday|thursday|friday|saturday|sunday|half)|"
    r"stayed in|sat in|day off|took (?:the|a) (?:day|morning|afternoon)|kept in)\b",
    "long_wait.stress": r"\b(?:still waiting|been waiting|waiting|waited|wait|ages|forever|for ?ever|how (?:much )?long(?:er)?|eternity|"
    r"month (?:gone|on|later)|weeks? (?:gone|on|later|overdue|late)|days (?:overdue|late|behind|gone|on|later)|overdue|endless|"
    r"grown? (?:old|a beard)|christmas|so long|long time|too long|patient(?:ly)?|without (?:a |any )?(?:heating|hot water|water|"
    r"internet|broadband|power|phone|cooker|fridge|washing))\b",
    "financial_loss.taken": r"\b(?:charg(?:ed|ing|es)|debited|taken|took|taking|taken out|billed|overcharged|double|stole|stolen|robbed|out of "
    r"(?:my|our) (?:account|bank|pocket)|came out|come out|deducted|extra)\b",
    "financial_loss.cost": r"\b(?:cost(?:s|ing)? (?:me|us)|lost|losing|loss|wasted|waste of money|had to (?:buy|pay|hire|book|borrow|throw|bin|spend)|"
    r"throw(?:n|ing)? (?:out|away)|overdraft|interest|bounced|fee|fees|fine|fined|takeaways?|taxi|unpaid|day'?s (?:pay|wages)|wages|"
    r"takings|earnings|income|customers|out of pocket|for nothing|down the drain|deposit|borrow(?:ed)?|rent|conversion)\b",
    "urgent_deadline.need": r"\b(?:need(?:s|ed)? (?:it|this|them|that|one|to be)?.{0,20}(?:by|before|for|tomorrow|tonight|today)|by (?:tomorrow|tonight|"
    r"the|mon|tues|wednes|thurs|fri|satur|sun)\w*|before (?:the|mon|tues|wednes|thurs|fri|satur|sun|my|we|i|christmas)\w*|"
    r"in time|on time for|deadline|tomorrow|tonight|this (?:weekend|friday|saturday|sunday|week)|on (?:friday|saturday|sunday|monday|"
    r"tuesday|wednesday|thursday)|in (?:two|three|four|five|2|3|4|5) (?:days|hours)|urgent\w*)\b",
    "urgent_deadline.event": r"\b(?:wedding|birthday|party|funeral|flight|fly|flying|exam|interview|anniversary|christening|baby shower|christmas|"
    r"diwali|eid|holiday|trip|travel(?:ling)?|appointment|court date|operation|recital|graduation|visa|due date|starts|closes|emigrate)\b",
    "vulnerability.health": r"\b(?:pregnan\w+|disab\w+|wheelchair|autis\w+|dementia|alzheimer\w*|cancer|chemo\w*|diabet\w+|insulin|asthma\w*|"
    r"copd|oxygen|epilep\w+|arthrit\w+|ms|stroke|parkinson\w*|hospital|surgery|operation|operated|hip|heart (?:condition|attack|failure|op)|"
    r"ill|illness|poorly|sick (?:mother|mum|father|dad|child|wife|husband)|blind|deaf|anxiety|depress\w+|crutches|broken (?:leg|ankle|arm)|"
    r"carer|care home|dialysis|medication|medicine|meds|coeliac|allerg\w+|ventilator|mobility|bedridden|housebound|recovering|"
    r"ptsd|adhd|dyslexi\w+|immun\w+|weeks pregnant|months pregnant|expecting|hearing aids?|formula|breast ?milk|midwife)\b",
    "vulnerability.person": rf"\b(?:newborn|new ?born|baby|babies|infant|toddler|weeks? old|months? old|elderly|pensioner|oap|(?:i'?m|am|is|aged|she'?s|"
    rf"he'?s) (?:nearly |almost )?(?:[789][0-9])|(?:[789][0-9])[ -]?(?:year|yr|yo|yrs)|eighty|ninety|seventy|widow(?:ed|er)?|passed away|"
    rf"died|funeral|bereav\w+|late (?:husband|wife|mother|father)|my (?:elderly |disabled |sick )?{_FAMILY}|ashes|lost (?:my|her|his) "
    rf"{_FAMILY})\b",
    "churn_threat.leave": r"\b(?:cancel(?:ling)? (?:everything|the lot|my (?:account|membership|plan|contract|subscription)|all)|clos(?:e|ing) (?:my |the )?account|"
    r"account (?:closed|deleted)|delete (?:my )?account|leav(?:e|ing)|switch(?:ing)?|mov(?:e|ing) (?:to|providers?|my|elsewhere)|go(?:ing)? "
    r"(?:to|elsewhere|with)|tak(?:e|ing) (?:my|our) (?:business|money|custom)|elsewhere|competitors?|somewhere else|someone else|"
    r"done with (?:you|this)|finished with|had it with|packing it in|we'?re (?:done|finished)|i'?m (?:done|off|out|leaving)|lost (?:a|me as a) customer)\b",
    "churn_threat.never": r"\b(?:never (?:again|buy\w*|order\w*|shop\w*|use|using|set foot|spend\w*|com(?:e|ing) back|deal\w*|book\w*|another)|not (?:buy|order|shop|"
    r"renew|com)ing|last (?:time|order|penny|thing|purchase)|won'?t (?:be (?:buying|ordering|back|renewing|shopping|using|a)|buy|order|"
    r"use|renew|shop|come)|any ?more (?:business|money|orders)|end of my (?:contract|membership)|bye forever|goodbye forever|(?:amazon|argos|"
    r"currys|sky|john lewis|ikea|tesco|virgin|ebay))\b",
    "legal_threat.law": r"\b(?:lawyers?|solicitors?|attorneys?|barristers?|legal (?:action|advice|team|proceedings|letter)|legally|sue|suing|court|"
    r"small claims|tribunal|police|gardai?|guards|letter before action|claim form|consumer rights act|under the (?:\w+ ){0,3}act|"
    r"prosecut\w+|lawsuit|litigation|press charges|take (?:you|this) to court|magistrate|my rights)\b",
    "media_threat.public": r"\b(?:review(?:s|ed|ing)?|one[ -]star|1[ -]star|stars?|trust ?pilot|google review|facebook|twitter|tweet\w*|instagram|insta|tik ?tok|"
    r"reddit|linkedin|youtube|x\.com|social media|viral|post(?:ing|ed)? (?:this|it|that|everywhere|on)|screenshots?|followers|"
    r"newspapers?|papers|press|journalists?|reporter|the (?:guardian|sun|mail|times|bbc)|bbc|watchdog|radio|tv|news|"
    r"everyone (?:i|know)|tell everyone|name and shame|forums?|group)\b",
    "media_threat.regulator": r"\b(?:ombudsm[ae]n|regulators?|ofcom|ofgem|ico|information commissioner|trading standards|fca|cma|consumer (?:forum|court|affairs|"
    r"council|protection|association)|citizens advice|better business bureau|bbb|watchdog|which\?|case trust|fccpc|accc)\b",
    "safety_risk.danger": r"\b(?:fire|flames?|smok(?:e|ing)|burn(?:s|t|ed|ing)?|scald\w*|spark(?:s|ed|ing)?|electric(?:al)? shock|shock(?:s|ed)?|"
    r"electrocut\w+|explo(?:de|ded|sion)\w*|blew up|blow up|melt\w*|scorch\w*|gas|carbon monoxide|leak(?:ing)? gas|live wires?|bare wires?|"
    r"exposed|copper|overheat\w*|hot to touch|swollen battery|swell\w*|sharp|cut (?:my|his|her|open)|bleed\w*|blood|stitches|injur\w+|"
    r"a&e|hospital|ambulance|rash|hives|allergic|reaction|blister\w*|poison\w*|vomit\w*|sick after|glass in|mould|metal in|chok\w+|"
    r"collaps\w+|fell (?:on|off)|danger\w*|unsafe|hazard\w*|fumes|recall(?:ed)?)\b",
    "fraud_risk.fraud": r"\b(?:hack(?:ed|er|ers|ing)?|scam\w*|phish\w*|fraud\w*|identity|stolen (?:card|details|identity)|someone (?:else )?(?:has |got |is )?(?:logged|"
    r"in(?:to)?|used|using|opened|changed|ordered|bought)|not me|wasn'?t me|didn'?t (?:make|order|place|request|authori[sz]e|buy)|never "
    r"(?:made|ordered|placed|authori[sz]ed|bought)|unauthori[sz]ed|unknown (?:device|login|order)|(?:don'?t|do not) recogni[sz]e|fake "
    r"(?:site|website|email|text|link|call)|clone|suspicious|otp|one[ -]time|passcode|login from|in my name|my card (?:details|number)|leak(?:ed)?|breach)\b",
    "abusive_language.oath": r"\b(?:f+u+c+k\w*|f\*+\w*|bullshit|piece of shit|shit(?:ty|s|show)?|sh\*t\w*|bastards?|wank\w*|dickheads?|cunts?|twats?|arseholes?|"
    r"assholes?|bollocks|go to hell|screw you|stfu|piss off|shite)\b",
    "abusive_language.insult": r"\b(?:idiots?|morons?|moronic|clowns?|crooks?|thieves|thief|liars?|scammers|scum\w*|jokers?|cowboys?|robbers|parasites?|"
    r"worthless|incompetent|useless|stupid|dumb|lazy|shower of|criminals|cretins?|imbeciles?|muppets?|brainless|rotten|pigs?|vile|"
    r"animals?|cheats|fraudsters|vultures|tossers?|sods|pathetic|bunch of|pack of)\b",
    "bot_failure.loop": r"\b(?:same (?:question|answer|thing|line|message|article|menu|reply|link)|round (?:and round|in circles)|in circles|loop(?:s|ing)?|"
    r"keep(?:s)? (?:asking|saying|telling|sending|giving|repeating|thinking)|repeat(?:ing|s|ed)? (?:yourself|the|itself)|script|"
    r"stop asking|(?:you|it) (?:just |already )?asked (?:me )?(?:that|already)|not what i (?:asked|said|meant)|didn'?t (?:ask|say)|"
    r"read (?:it|what|my|the)|misunderst\w+|(?:don'?t|do not|doesn'?t|not) (?:understand\w*|listen\w*|get it|read)|wrong again|"
    r"as (?:typed|written|i said) above|scroll up|answer (?:the|my) question)\b",
    "bot_failure.machine": r"\b(?:bots?|robots?|chat ?bot|machine|automated|assistant|ai|computer|algorithm|program|parrot|toaster|siri|alexa|software|menu)\b",
    "human_request.person": r"\b(?:(?:real|actual|live|proper|human|breathing|living) (?:person|human|being|people|agent|voice|one)|human(?:s| being)?|a person|"
    r"a (?:manager|supervisor)|manager|supervisor|representative|operator|advisor|adviser|(?:an?|the|your|live) (?:agent|rep)|somebody|someone|"
    r"(?:anyone|anybody) (?:there|real|alive|human|senior)|head office|in charge|team leader|duty manager|customer service|complaints (?:team|department))\b",
    "human_request.speak": r"\b(?:(?:speak|talk|chat) (?:to|with)|put me (?:through|on)|transfer me|connect me|(?:call|ring|phone) me|give me a (?:call|ring|bell)|"
    r"call ?back|pass me (?:to|on)|get me (?:a|the|your)|escalate|(?:can|could|may) (?:i|somebody|someone|a|anyone)|phone number|number (?:to|for)|on the (?:phone|line))\b",
}
