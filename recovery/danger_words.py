"""The phrases by which a danger to life is told, and the idioms that only sound like it. Lower case, straight quotes.

Each is a regular expression; `recovery/dangers.py` reads a text with them, tests/recovery/test_dangers.py shows them.
"""

_SELF = r"(?:my ?self|meself|mself)"
_THEMSELVES = r"(?:himself|herself|themsel(?:f|ves)|her self|him self)"
_FATALLY = r"(?:k+i+l+l*|hang|shoot|drown|stab|unalive|top|off|end|murder|poison|burn|starve)(?:l?ing)?"
_WOUND = r"(?:hurt|harm|cut|injur)(?:ting|ing|e)?"
_MEANS = (
    r"(?:want(?:s|ed|ing)?|wanna|going|gonna|gunna|will|'ll|'d|would|might|may|could|should|about|ready"
    r"|plan(?:s|ning)?"
    r"|try|tried|trying|threat\w*|think\w*|thought\w*|thinkin|feel\w*|urge\w*|need|have|made? me|makes? me"
    r"|tempted"
    r"|consider\w*|talk\w*|let me|rather|just)"
)
_LIFE = r"(?:my|his|her|their) (?:own )?li(?:fe|ves)"
_NEAR = r"(?:\s+[\w']+){0,4}?\s+"  # a few words, and no pause, in between

SELF_HARM = (
    rf"\b{_FATALLY}\s?{_SELF}\b",
    r"\bkms\b",
    rf"\b{_MEANS}{_NEAR}{_FATALLY} {_THEMSELVES}\b",
    rf"\b{_MEANS}{_NEAR}{_WOUND} (?:{_SELF}|{_THEMSELVES})\b",
    rf"\b(?:end|ending|take|taking) {_LIFE}\b",
    r"\bend(?:ing)? it all\b(?! (?:up|in|on|with|at|off)\b)",
    r"\b(?:want(?:s|ed)?|wanna|ready|going|gonna|like|wish|prefer|hoping|better) (?:to "
    r"|me to )?(?:just )?(?:die|be dead)\b",
    r"\bwish (?:i|he|she) (?:was|were|wasn't|weren't|had) (?:dead|(?:never )?(?:been )?(?:born|here|alive))\b",
    r"\b(?:better|best) off (?:dead|if i was(?:n't)? (?:dead|here|around)|without me)\b",
    r"\bsu(?:ici|isi|ci|ice|cii)d(?:e|al)\b",
    r"\bself[- ]?harm(?:ing|ed)?\b",
    r"\b(?:do(?:n't| not)|no longer|never|not) (?:really )?(?:want|wanna|wish|wanting)(?: to)?"
    r" (?:live|be alive|wake up|exist|be here any ?more|be around any ?more|go on (?:living|any ?more))\b",
    r"\b(?:no|any|without a|without any) (?:reason|point)(?: in| to| for)?(?: me)?(?: to)? (?:live|living"
    r"|go on|going on|carry on living)\b",
    r"\b(?:nothing|not (?:much|anything)|anything) (?:left )?to live for\b",
    r"\b(?:can't|cannot|can not) (?:go on|carry on|keep) living\b",
    r"\bi (?:can't|cannot|can not|don't want to) go on(?: any ?more)?(?=\W*$|\s*[.!?\n])",
    r"\b(?:do(?:n't| not)) care (?:if|whether) i (?:live|die|wake up|exist)\b",
    r"\b(?:take|taking|took|swallow\w*|taken) (?:an overdose|(?:all|every one of) (?:my|the|these"
    r"|those) (?:pills|tablets|meds))\b",
    r"\b(?:i'?ve|i|i'?ll|i'?m|will|gonna|going to|want to|might) overdos(?:e|ed|ing)\b",
    r"\bslit(?:ting)? (?:my|his|her) (?:wrists?|throat)\b",
    rf"\b(?:i'?m|i'?ll|i|gonna|want to|might){_NEAR}(?:jump|jumping|throw {_SELF}|throwing {_SELF})"
    r" (?:off|under|in front of|from)(?: of)? (?:an?|the|my|this) ?(?:\w+ )?(?:bridge|train|tube|roof"
    r"|building|cliff|balcony|bus|lorry|window|platform)",
    r"\b(?:i'?m|i'?ll|gonna|want to|might|going to) (?:just )?drink(?:ing)? (?:the |some |this )?bleach\b",
    r"\bdo(?:ing)? myself in\b",
    r"\bsay(?:ing)? (?:my )?goodbye(?:s)? to (?:this world|life|everyone for good)\b",
    r"\bgoodbye,? cruel world\b",
)
# Said of a mood or of a mishap. With what the NLU shows beside them (a vulnerability, a danger) they count.
SOFT_SELF_HARM = (
    r"\bcan't (?:go on|cope|carry on|do this any ?more|take (?:it|this|much more))\b",
    r"\b(?:no way out|no hope left|given up on (?:life|everything)|at breaking point|lost the will to live)\b",
    r"\bwhat'?s the point (?:of|in) (?:living|life|anything|being here)\b",
    r"\b(?:disappear|fall asleep) (?:for ever|forever|and (?:never|not) wake up)\b",
)
# Idioms and accidents, taken out of the text before it is read for self-harm.
NOT_SELF_HARM = (
    r"\b(?:want to |wanna |could |nearly |almost |just )?(?:die|died|dying|dead) (?:from |of "
    r"|with )?(?:laugh\w*|laughter|boredom|embarrassment"
    r"|shame|cringe|curiosity|happiness|cuteness|excitement|heat|cold|thirst|hunger|old age)\b",
    r"\bdying (?:to|for|of)\b|\bto die for\b|\bdie[- ]?hard\b|\bold habits die\b",
    rf"\b{_FATALLY} {_SELF} (?:laughing|with laughter)\b",
    rf"\b(?:nearly|almost|could have|could've|might have|might've) (?:just )?(?:kill|hurt|injur|burn|cut"
    rf"|hang|drown|poison|stab|electrocut)\w* {_SELF}",
    rf"\b(?:could|i'?d) (?:just )?(?:have )?(?:kick|kill|shoot|slap)(?:ed)? {_SELF} for\b",
    rf"\bshoot(?:ing)? {_SELF} in the foot\b|\b(?:cut|hurt|burn\w*|injure[ds]?|stab\w*) {_SELF} (?:on|with"
    rf"|when|while|opening"
    r"|lifting|carrying|trying|getting|because of|badly (?:on|when)|quite badly (?:on|when)|putting"
    r"|unpacking|using|moving|falling)\b",
    r"\bsuicide (?:squad|prevention|awareness|doors?|hotline (?:book|shirt|hoodie))\b|\bsuicidal tendencies\b",
    rf"\b(?:off|end|top|starve) {_SELF} (?:up|the|a|an|with|on)\b",
    r"\bi'?d rather (?:die|be dead) than\b",
)

_WE = (
    r"(?:i|we|me and|my (?:husband|wife|partner|brothers?|sons?|dad|father|uncle|cousins?|mates?|friends?"
    r"|boyfriend|lads|family)"
    r"|(?:one of us|somebody|someone) (?:here )?)"
)
_WILL = (
    r"(?:'?ll|'?d|'?m| will| am| would| could|'?m| are|'?re|'?ve| have| want| wanna| need| swear| promise"
    r"| might| should"
    r"| shall| feel| plan|'s| is)"
)
_HARMS = (
    r"(?:k+i+l+l*(?:ing)?|murder(?:ing)?|stab(?:bing)?|shoot(?:ing)?|strangl(?:e|ing)|throttl(?:e|ing)"
    r"|choke|chok(?:e|ing)"
    r"|punch(?:ing)?|hit(?:ting)?|beat(?:ing)?(?: up| the \w+ out of)?|batter(?:ing)?|slap(?:ping)?"
    r"|kick(?:ing)?(?: in)?|attack(?:ing)?|hurt(?:ing)?|harm(?:ing)?"
    r"|smash(?:ing)?(?: in| up)?|knock(?:ing)? out|run(?:ning)? (?:over|down)|deck(?:ing)?|lamp(?:ing)?"
    r"|headbutt\w*|assault(?:ing)?|torch(?:ing)?"
    r"|shank\w*|behead\w*|burn(?:ing)?(?: down)?|bomb(?:ing)?|blow(?:ing)? up|execut(?:e|ing)"
    r"|destroy(?:ing)?|gut(?:ting)?)"
)
_OURS = (
    r"(?:(?:that|the|your|this|every|any|all (?:of )?|each|some|one of (?:your|the|them)|those"
    r"|these)\s+)(?:\w+\s+){0,2}?"
    r"(?:driver|courier|delivery (?:man|guy|boy|driver|woman|person)|agent|advisor|adviser|manager"
    r"|supervisor|boss|ceo|staff|people|person"
    r"|team|engineer|technician|fitter|postman|rep|representative|colleagues?|workers?|employees?|lot"
    r"|idiots?|woman|man|guy|bloke|lads?|girl)s?"
)
_YOU = (
    r"(?:you(?! guys (?:a|some|for))|u|ya|him|her|them|whoever|every (?:single )?one of you|all of you"
    r"|you (?:all|lot|people))"
)
_BODY = (
    r"(?:(?:your|his|her|their|that \w+'?s?|the driver'?s)\s+)(?:\w+\s+)?(?:face|head|skull|teeth"
    r"|legs?|neck|throat|bones|arms?|kneecaps|knees|jaw|nose)"
)
_PLACE = (
    r"(?:your|the|that)\s+(?:\w+\s+)?(?:shop|store|office|offices|warehouse|building|depot|van|vans"
    r"|place|call ?centre|house|headquarters|hq|windows)"
)
_GO = rf"\b{_WE}{_WILL}(?!\s+(?:not|never)\b)(?:\s+(?!not\b|never\b)[\w']+){{0,6}}?\s+"
_VIOLENT_PLACE = (
    r"(?:burn(?:ing)?(?: down)?|torch(?:ing)?|bomb(?:ing)?|blow(?:ing)? up"
    r"|smash(?:ing)?(?: in| up)?|set(?:ting)? fire to|shoot(?:ing)? up|brick(?:ing)?|petrol bomb)"
)

STAFF_THREAT = (
    rf"{_GO}{_HARMS}\s+(?:{_YOU}|{_OURS})\b",
    rf"(?:^|[.!?,\n]\s*|\band )(?:gonna|going to|will)\s+{_HARMS}\s+(?:{_YOU}|{_OURS})\b",
    rf"{_GO}(?:break|smash|punch|kick|snap|wring|slit|cut|knock|stamp on|cave in|bash"
    rf"|rearrange)(?:ing)?(?: in)?\s+{_BODY}\b",
    rf"{_GO}{_VIOLENT_PLACE}\s+{_PLACE}\b",
    rf"{_GO}(?:your|the) (?:shop|store|offices?|warehouse|depot|building"
    rf"|place)\b[\w' ]{{0,30}}?\b{_HARMS}\s+(?:someone|somebody|people|every(?:one|body)|the lot of)",
    rf"{_GO}(?:hunt|track)(?:ing)? (?:{_YOU}|{_OURS})(?: all)? down\b",
    rf"{_GO}(?:come|coming|go|going|be|turn up)\b[\w' ]{{0,40}}?\bwith (?:an? |my )?(?:\w+ )?(?:knife|gun"
    rf"|bat|hammer|machete|axe|crowbar|weapon|petrol|shotgun|blade)\b",
    rf"{_GO}bring(?:ing)? (?:an? |my )?(?:\w+ )?(?:knife|gun|machete|axe|weapon|shotgun|crowbar)\b",
    rf"{_GO}(?:set|let)(?:ting)? (?:my|the|our) dogs? (?:on|at|loose on) (?:{_YOU}|{_OURS})\b",
    rf"{_GO}(?:put|putting) (?:a bullet|{_YOU} in (?:hospital|the ground|a coffin|a wheelchair)"
    rf"|{_OURS} in (?:hospital|the ground|a coffin))\b",
    r"\bi know (?:exactly )?where (?:you|u|your (?:driver|staff|family|kids|children|people)|he"
    r"|she) (?:live|work|park|are based|go to school)s?\b",
    r"\b(?:i'?ll|i will|i'?m going to|we'?ll|i can) find (?:out )?where (?:you|your (?:driver|staff"
    r"|family)|he|she) lives?\b",
    r"\bthere(?:'s| is| will be) a bomb\b(?! (?:cyclone|calorimeter|bath))|\bbomb (?:threat|in your)\b",
    r"\b(?:you|you'?re|ur|your driver is|he'?s|she'?s) (?:all )?(?:so )?(?:a )?dead (?:man|meat|woman"
    r"|when i|if i|tomorrow|next time)\b",
    r"\byou(?:'re| are) (?:all )?(?:so )?dead(?=\W*$|\s*[.!?\n])",
    r"\b(?:next|the next) (?:driver|person|courier|one) (?:who|that|to) (?:comes?|turns? up"
    r"|knocks?)[\w' ]{0,30}?"
    r"(?:gets?|is getting|will get|leaves?|won't) (?:a (?:punch|kicking|slap|beating|hiding)|punched"
    r"|stabbed|hurt|battered|shot|in an ambulance|walk away)\b",
    r"\b(?:better )?watch (?:your|ur) (?:backs?|step)\b",
    r"\byou(?:'ll| will| won't)? (?:all )?(?:pay|live to regret"
    r"|see what happens)[\w' ]{0,20}?(?:with (?:your|his) (?:life|blood)|when i find you)\b",
    r"\b(?:sleep with one eye open|get what'?s coming to you with)\b",
)
# Idioms, and what others said to the customer, taken out before it is read for threats.
NOT_STAFF_THREAT = (
    r"\b(?:shoot|shooting|kill|killing) the messenger\b",
    r"\b(?:kill|murder|die)(?:ed)? for\b|\bkill(?:ing)? (?:time|two birds|the mood|it|the (?:order"
    r"|subscription|account|app|chat))\b",
    r"\b(?:hit|beat|knock) (?:you|them|him|her|your (?:staff|team|people)) (?:up )?(?:with (?:an?|another"
    r"|the|my|some) (?:[\w-]+ ){0,3}?(?:reviews?"
    r"|questions?|e-?mails?|complaints?|offers?|price|bills?|claims?|invoices?|messages?|reminders?"
    r"|stars?)|for six|(?:down )?on price|to (?:it|the punch))\b",
    r"\bbeat (?:your|the|that) (?:price|offer|quote|deal|competitor\w*)\b",
    r"\b(?:hit|attack|destroy|hurt|harm|burn|kick|punch|smash|slap|bomb)(?:ing)? (?:you|your \w+"
    r"|them) (?:online|in (?:court|the reviews?|my review|the press|the pocket|the wallet)"
    r"|on (?:trustpilot|twitter|x|facebook|social|google|tiktok|instagram)|with (?:bad|one|1"
    r"|negative)[- ]?(?:star)?|where it hurts|financially|legally|publicly)\b",
    r"\bdead to me\b|\bdead (?:right|wrong|good|nice|on time|helpful|slow|tired|line|end)\b",
    r"\bwatch (?:your|ur) steps? (?:count\w*|tracker)\b",
    r"\b(?:he|she|they|who|man|woman|driver|courier|agent|manager|technician|engineer|fitter|it|bloke|guy"
    r"|person|ex|neighbour|somebody|someone|"
    r"husband|wife|partner|stranger)(?:'s|'d| has| had| just| then| even| actually)? (?:said|says|say"
    r"|told me|tells me|shouted|screamed|yelled|threatened|"
    r"wrote|texted|texting|was shouting|kept saying|messaged)\b(?: that| to| at| me| and| to me"
    r"| at me)*[\s,:\"“'‘]+i(?:'?ll|'?m| will| am|'?d)[^.!?\n]*",
)

_PART = (
    r"(?:hands?|fingers?|thumb|arms?|face|legs?|foot|feet|toes?|eyes?|mouth|lips?|throat|skin|hair"
    r"|head|neck|back|chest)"
)
_THEIR = r"(?:my|his|her|our|their|the (?:baby|child|kid|boy|girl|dog|cat)'?s|\w+'s)"
# A hazard that somebody tells of in so many words. Sparklers, gas bills and shocking service are none.
_ELECTRIC = r"(?:plugs?|sockets?|chargers?|adapt[eo]rs?|cables?|leads?|wires?|wiring|batter(?:y|ies)|power ?banks?)"
HAZARD_NOW = (
    r"\b(?:is|was|it's|went|caught|catching|sets?|on the) (?:all )?(?:on )?fire\b"
    r"(?! (?:sale|pit|place|stick|door))",
    r"\b(?:in|into|up in) flames\b|\bflames (?:came|are|were|shot|coming)\b",
    r"\b(?:smoke|sparks?|fumes) (?:is|are|was|were|came|started|coming|pouring|flying|shot|out of|from)\b",
    r"\b(?:smoking|sparking|melting|exploded|exploding|blew up|blown up|blew apart)\b(?! (?:ban|area|gun|hot))",
    r"\b(?:so|too) hot (?:that )?(?:(?:i|you|we|he|she|nobody) (?:can't|cannot|couldn't|could|can) )?"
    r"(?:to )?(?:even )?(?:hold|touch)\b",
    rf"\b{_ELECTRIC} (?:\w+ ){{0,4}}?(?:(?:red|boiling|burning|scorching|very|really|so|too|dangerously) hot"
    r"|overheat\w*|swollen|swelling|swelled|bulg\w+|melted|melts)\b",
    r"\bplastic (?:\w+ ){0,4}?(?:melted|melts|(?:going|gone|goes|went|getting) soft)\b",
    r"\b(?:smell(?:s|ing|ed)?|stinks?|reeks?|leak(?:s|ing|ed)?) (?:of |like |strongly of )?gas\b",
    r"\bgas (?:leak|escap\w+)\b|\bcarbon monoxide\b|\bco (?:alarm|poisoning)\b",
    r"\belectric(?:al)? shocks?\b|\belectrocuted\b",
    r"\b(?:gave|given|got|giving) (?:me|him|her|us|\w+) an? (?:nasty |bad )?(?:zap|jolt)\b",
    rf"\b(?:burn(?:t|ed|s|ing)|scald(?:ed|ing)|cut|sliced|gashed|crushed|injured|hurt) {_THEIR}(?: \w+)? {_PART}\b",
    r"\b(?:burn(?:t|ed)|scalded|injured|hurt) (?:my|him|her|them)sel(?:f|ves)\b",
    r"\b(?:is|are|was|am|i'm|he's|she's) (?:bleeding|choking|unconscious|not breathing|struggling to breathe)\b",
    r"\b(?:call(?:ed|ing)|needs?|waiting for|taken (?:by|in)) (?:an |the )?(?:ambulance|fire brigade|999|112|911)\b",
    r"\b(?:swallowed|choked on|choking on|poisoned by)\b(?! (?:my|his|her) (?:pride|words))",
    r"\ballergic reaction\b|\banaphyla\w+",
)
HURT_BY_A_THING = (
    rf"\b(?:burn(?:t|ed)|scalded|cut|sliced|gashed|crushed|injured|hurt) {_THEIR}(?: \w+)? (?!hair){_PART}"
    r" (?:on|with|from|off|in) (?:it|this|that|your|one of|(?:the|my|its) (?:new )?\w+)\b"
)
NOT_HAZARD = (
    r"\b(?:non|no|not|stopped|quit)[- ]?smoking\b|\b(?:smoking|sparking) (?:hot deals?|joy)\b",
    r"\bmelting (?:point|pot|moments?)\b",
    r"\bmy (?:phone|inbox|head) (?:is |was )?(?:blew up|blowing up|exploded|exploding)\b",
    r"\b(?:blew|blow|blown|blowing) up (?:my|the|our) (?:phone|inbox)\b",
    r"\b(?:nothing|nobody|no one|none of (?:it|them|us)) [^.,;!?\n]*",
    r"\b(?:you'?re|they'?re|we'?re|team is|on a roll and) on fire\b",
    r"\bhurt (?:my|his|her) (?:feelings|wallet|pocket)\b",
    r"\b(?:sets?|put|setting) (?:\w+ ){0,3}fire to (?:my|the) (?:wallet|money)\b",
)
