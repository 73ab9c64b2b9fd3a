"""How a sentence begins."""


def capitalised(text: str) -> str:
    """The text with a capital first letter and the rest as it was; `str.capitalize` would take away the capitals of names."""
    return text[:1].upper() + text[1:]
