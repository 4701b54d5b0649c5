"""Which language a message is in that is not English, and whether it asks for a person. Enough to answer politely."""

import re

WORDS = {
    "fr": "bonjour je pas mon ma mes est et le la les un une colis commande suis très merci vous parler avec",
    "es": "hola mi mis el la los las no pedido paquete está llegó quiero hablar con una por gracias dónde qué muy",
    "de": "hallo ich nicht mein meine ist und der die das ein eine paket bestellung wo bitte mit sprechen noch",
    "it": "ciao buongiorno il la non mio mia è un una pacco ordine vorrei parlare con sono arrivato grazie dove",
    "pl": "dzień dobry nie moja moje jest i się paczka zamówienie proszę chcę gdzie rozmawiać jestem mam czy na z",
    "pt": "olá bom não meu minha encomenda pedido está é um uma quero falar com obrigado onde chegou muito",
}
KNOWN = {code: frozenset(listed.split()) for code, listed in WORDS.items()}
PERSON = re.compile(
    r"\b(?:quelqu['’]un|conseill\w+|humain\w*|agente?|persona|alguien|humano|operador\w*|mensch\w*|mitarbeiter\w*"
    r"|jemand\w*|operatore|qualcuno|umano|pessoa|atendente|alguém|człowiek\w*|konsultant\w*|osob\w+|kimś"
    r"|une? (?:vraie )?personne)\b",
    re.IGNORECASE,
)


def language_of(text: str) -> str:
    """The language's code, where there are texts for it; else nothing."""
    words = set(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower()))
    counts = {code: len(words & known) for code, known in KNOWN.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else ""


def asks_for_person(text: str) -> bool:
    """Whether a message in one of these languages asks for a person."""
    return bool(PERSON.search(text))
