"""No message to a resident goes round the question whether it is safe: one module writes the outbox, and it asks."""

import re
from pathlib import Path

SOURCES = sorted(Path("src/guildhall").rglob("*.py"))
WRITES = re.compile(r"(insert|update|delete)\(\s*notifications\s*\)|notifications\.(insert|update|delete)\(")
SENDS = re.compile(r"notifies\.send\(|\.send\(claimed")


def where(pattern: re.Pattern[str]) -> list[str]:
    return [path.relative_to("src/guildhall").as_posix() for path in SOURCES if pattern.search(path.read_text("utf-8"))]


def test_one_module_writes_the_outbox() -> None:
    assert where(WRITES) == ["storage/notifications.py"]


def test_one_module_hands_messages_to_a_provider() -> None:
    assert where(SENDS) == ["aftercare/outbox.py"]


def test_a_message_to_a_resident_is_asked_about_when_it_is_put_in_and_when_it_goes() -> None:
    text = Path("src/guildhall/storage/notifications.py").read_text("utf-8")
    functions = {match[1]: match[0] for match in re.finditer(r"def (\w+)\([^§]*?(?=\n\n\n|\n    def |\Z)", text)}
    assert "why_not_write(" in functions["put_follow_up"]
    assert "why_not_write(" in functions["_outgoing"]
