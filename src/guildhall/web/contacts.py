"""Whether a text or an e-mail could reach somebody. Shared by the page and the API."""

import re

from guildhall.handoffs.phone_numbers import uk_mobile
from guildhall.vocabulary.aftercare import FollowUpKind

EMAIL_AT_MOST = 254
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


def email_address(text: str) -> str:
    """An e-mail address, its domain in small letters; empty when it is none."""
    text = text.strip()
    local, _, domain = text.rpartition("@")
    if len(text) > EMAIL_AT_MOST or not EMAIL.fullmatch(text) or ".." in local or local.startswith(".") or local.endswith("."):
        return ""
    return f"{local}@{domain.lower()}"


def contact_of(text: str) -> tuple[FollowUpKind, str] | None:
    """How to reach somebody by what they wrote; None when it is neither an e-mail address nor a UK mobile number."""
    if email := email_address(text):
        return FollowUpKind.EMAIL, email
    if mobile := uk_mobile(text):
        return FollowUpKind.TEXT, mobile
    return None
