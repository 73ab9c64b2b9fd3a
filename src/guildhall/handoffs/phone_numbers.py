"""Whether a number is one that a council may ring or write to. Written nationally, as residents read it."""

import phonenumbers

PHONE_AT_MOST = 40
UK_REGIONS = ("GB", "GG", "JE", "IM")
# Ofcom keeps these for drama: they ring nowhere, and demonstrations use them.
DRAMA = ((1632960000, 1632960999), (7700900000, 7700900999), (8081570000, 8081570999))


def uk_phone(text: str) -> str:
    """A UK number as it is written nationally; empty when it is none. Premium-rate numbers are refused."""
    try:
        number = phonenumbers.parse(text[:PHONE_AT_MOST], "GB")
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code != 44 or number.extension:
        return ""
    drama = any(low <= (number.national_number or 0) <= high for low, high in DRAMA)
    valid = any(phonenumbers.is_valid_number_for_region(number, region) for region in UK_REGIONS)
    premium = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    if not drama and (not valid or premium):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))


def uk_mobile(text: str) -> str:
    """A UK number that takes texts, as it is written nationally; empty when it is none."""
    number = uk_phone(text)
    return number if number.startswith("07") and not number.startswith("070") else ""
