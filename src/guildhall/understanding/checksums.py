"""Check digits of the numbers people give us. Every function takes digits (and letters) without spaces."""

import re
from typing import Final

_NI: Final = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")


def nhs_number(digits: str) -> bool:
    """Ten digits, the last a modulus-11 check of the others (NHS Data Dictionary, NHS NUMBER)."""
    if len(digits) != 10 or not digits.isdigit() or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10


def national_insurance_number(letters: str) -> bool:
    """Two prefix letters that HMRC issues, six digits, a suffix A to D (HMRC manual NIM39110)."""
    return _NI.fullmatch(letters.upper()) is not None


def payment_card(digits: str) -> bool:
    """13 to 19 digits that begin as a card does and pass the Luhn check (ISO/IEC 7812-1)."""
    if not (13 <= len(digits) <= 19 and digits.isdigit() and digits[0] in "23456" and len(set(digits)) > 1):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(letters: str) -> bool:
    """Country, check digits and account that leave 1 modulo 97 (ISO 13616)."""
    plain = letters.upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def uk_phone(digits: str) -> bool:
    """A UK number in national form. Ofcom's drama numbers count: they are what tests and training use."""
    if digits.startswith("07"):
        return len(digits) == 11
    return digits[:2] in ("01", "02", "03", "05", "08", "09") and len(digits) in (10, 11)
