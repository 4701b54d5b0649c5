"""Is this English at all? Scripts, function words and letter sequences tell."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from bot.nlu.text import words

# Frequent small words that are rarely English. Pidgin, Singlish and Hinglish keep English ones around them and pass.
FOREIGN = {
    "es": "el la los las de que y en un una por con no para mi se lo su está esta pero muy donde dónde cuando cuándo "
    "tengo quiero puede pueden hola gracias llegado llegó llega pedido paquete necesito ayuda es son del al me",
    "fr": "le la les de des du que et en un une pour avec pas mon ma mes est je vous nous il elle mais très où quand "
    "bonjour merci colis commande reçu veux suis c'est j'ai qui sur ce cette votre pouvez",
    "de": "der die das und ist nicht ich sie wir mein meine ein eine mit für auf von zu dem den wo wann hallo danke "
    "bitte paket bestellung noch habe kann haben wird sind es aber sehr können",
    "it": "il lo la gli le di che e in un una per con non mio mia è sono ho del della dove quando ciao grazie pacco "
    "ordine ancora arrivato vorrei posso questo questa",
    "pt": "o os as de que e em um uma por com não meu minha está para eu você onde quando olá obrigado obrigada "
    "encomenda pedido chegou quero preciso ainda mas muito são do da no na",
    "nl": "de het een en van ik je niet met voor mijn is dat zijn op waar wanneer hallo bedankt pakket bestelling nog "
    "heb kan naar maar heeft geen deze ook",
    "pl": "i w nie na się z do jest że to mój moja moje gdzie kiedy cześć dzień dobry dziękuję paczka paczki "
    "zamówienie jeszcze mam proszę czy ale jak",
    "tr": "ve bir bu ne için değil benim nerede zaman merhaba teşekkürler kargo sipariş siparişim hala gelmedi var yok "
    "çok ama ile mi",
    "id": "saya tidak belum dan yang di ini itu untuk dengan kapan mana paket pesanan sudah terima kasih ada bisa "
    "tolong kenapa halo barang",
    "ro": "și nu este eu în de la unde când bună mulțumesc colet coletul comanda mea meu încă am pentru cu vreau",
    "hi": "hai mera meri mere nahi nahin kya kab kahan kyun kyu aur ka ki ke ko se mein yaar hua hogaya aaya abhi tak kar",
    "fi": "on ja ei se että minun missä milloin mikä moi kiitos hei paketti tilaus vielä olen en kun mutta",
    "sv": "och är inte jag det att en ett med för min mitt var när hej tack paket paketet beställning har kan på",
}
FOREIGN_WORDS = {language: frozenset(listed.split()) for language, listed in FOREIGN.items()}
SMALL_WORDS = (
    "the a an i you he she it we they my your is was are were be been have has had do did not no and or but of to "
    "in on at for with that this what where when why how can could would will please still it's i'm don't me one "
    "any all so just get got from by if"
)
ENGLISH = frozenset(SMALL_WORDS.split())
LEAST_FOREIGN = 2  # words
SCRIPT_SHARE = 0.5  # of the letters
ACCENTED_SHARE = 0.4  # of the words

# Enough everyday English to know which letters follow which.
SAMPLE = (
    "about account address after again agent already always amount answer another anything appointment arrived "
    "asked available because before believe better between bought bottle broken brought business called cancel "
    "cannot change charged check children colour company complaint complete contact could country courier cracked "
    "credit customer damaged date daughter days delivered delivery description different disappointed doctor does "
    "doing door driver during early either electric email engine engineer enough entire evening every everything "
    "exchange expected explain express family father faulty finally find first following forward found friday "
    "friend from front furniture getting given going goodbye great guarantee guess happened happy having heating "
    "hello help hospital house however husband immediately important information inside instead internet invoice "
    "item kitchen kindly know language laptop later least letter little living looking lovely machine manager "
    "matter maybe member message minutes missing monday money month morning mother music myself name need neighbour "
    "never night nobody nothing notice number offer office online only order ordered other package paid parcel "
    "password payment people perfect person phone photo picture please police postcode present price problem "
    "product promised property quality question quite quick rather reached really receive refund replacement reply "
    "report return right saturday scheduled screen service several should shopping signed since smoke someone "
    "something sometimes sorry speak special standing started still street subscription support supposed technician "
    "telephone television thank their there thing think this thought through thursday times today together tomorrow "
    "tonight touch tracking transfer trouble trying tuesday twice under understand unhappy until update upset "
    "useless using vegetable very visit voucher waiting wanted warranty washing watch weather wednesday weekend "
    "welcome what when where which while whole window without woman wonder work working would write wrong yesterday "
    "your yourself jumper quarter zip fix box six yeah wifi gotta gonna heya ciao hiya cheers "
    "news view knew also only thru adult adults kid rugby jazz dumb thumb climb lmao pls soz"
)
VOWELS = frozenset("aeiouy")
KEYBOARD = re.compile(r"qwer|wert|erty|rtyu|tyui|uiop|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|vbnm|lkjh|fdsa|poiu")
SHORTHAND = frozenset(
    [
        "tmrw",
        "tmrrw",
        "rcvd",
        "recvd",
        "msgs",
        "mths",
        "wknd",
        "nvmd",
        "pymt",
        "pkgs",
        "pckg",
        "dlvr",
        "dlvrd",
        "brkn",
        "smth",
        "smthn",
    ]
)
STRANGE = -3.55  # mean log-probability of a letter after another, below which a word is no word
ODD_SHARE = 0.6  # of a message's longer words
ENGLISH_SHARE = 0.3  # of all its words: "any news?" is no noise, whatever letters follow one another in it


@lru_cache(maxsize=1)
def _pairs() -> tuple[Counter[str], Counter[str]]:
    pairs = Counter(f"{a}{b}" for word in SAMPLE.split() for a, b in zip(f"^{word}", f"{word}$"))
    firsts = Counter(pair[0] for pair in pairs.elements())
    return pairs, firsts


def likelihood(word: str) -> float:
    """Mean log-probability of the word's letters, each after the one before."""
    pairs, firsts = _pairs()
    steps = [f"{a}{b}" for a, b in zip(f"^{word}", f"{word}$")]
    return sum(math.log((pairs[s] + 0.2) / (firsts[s[0]] + 6)) for s in steps) / len(steps)


def is_foreign(text: str, letters: list[str]) -> bool:
    """Another script in the main, or the small words of another language and few English ones."""
    if letters and sum(not _latin(c) for c in letters) > SCRIPT_SHARE * len(letters):
        return True
    said = [word.text.lower().replace("’", "'") for word in words(text)]
    english = sum(word in ENGLISH for word in said)
    accented = sum(not word.isascii() for word in said)
    if accented >= ACCENTED_SHARE * len(said) and accented > max(english, LEAST_FOREIGN):
        return True
    foreign = max(sum(word in listed and word not in ENGLISH for word in said) for listed in FOREIGN_WORDS.values())
    return foreign >= LEAST_FOREIGN and foreign > english and foreign >= 0.25 * len(said)


@lru_cache(maxsize=4096)
def _latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "LATIN") or letter.isascii()


def is_gibberish(text: str) -> bool:
    """Most of the longer words are keyboard noise: letters in an order that English does not have."""
    longer = [word.text.lower() for word in words(text) if len(word.text) >= 4 and word.text.isalpha()]
    said = [word.text.lower().replace("’", "'") for word in words(text)]
    english = sum(word in ENGLISH for word in said)
    if not longer or any(word in ENGLISH for word in longer) or english >= ENGLISH_SHARE * len(said):
        return False
    odd = [_odd(word) for word in longer[:50]]
    return sum(odd) >= ODD_SHARE * len(odd)


def _odd(word: str) -> bool:
    if len(set(word)) <= 2 and len(word) > 6:
        return True
    if not word.isascii() or word in SHORTHAND:
        return False  # of another language, or a name: no keyboard noise
    word = re.sub(r"(.)\1{2,}", r"\1", word)  # "hiyaaaa" is a greeting
    if KEYBOARD.search(word) and len(word) < 20 and word not in ("property", "properties"):
        return True
    return len(word) >= 4 and (not VOWELS & set(word) or likelihood(word) < STRANGE)
