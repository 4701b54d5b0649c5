"""How well it understands, beside the stock Rasa pipeline and a list of keywords: figures, pictures and a page."""
