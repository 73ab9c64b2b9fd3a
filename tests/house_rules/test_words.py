"""The house's words: no vague role in a name, no council in the source, no banned synonym where we speak to people."""

import ast
import re
from pathlib import Path

import pytest

SOURCES = sorted(Path("src/guildhall").rglob("*.py"))
VAGUE = re.compile(r"(Manager|Handler|Helper|Util|Utils|Base|Info|Core|Common)$")
BANNED_FOLDERS = {"core", "common", "utils", "helpers", "services", "managers"}


def test_no_class_has_a_vague_name() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name) and node.name != "FactBase"
    ]
    assert found == []


def test_no_folder_has_a_vague_name() -> None:
    assert [str(path) for path in Path("src/guildhall").rglob("*") if path.is_dir() and path.name in BANNED_FOLDERS] == []


def test_no_councils_name_stands_in_the_source() -> None:
    places = [p.name for p in Path("councils").iterdir() if p.is_dir() and p.name != "_baseline"]
    found = [
        f"{path}:{number}"
        for path in SOURCES
        if path.name != "settings.py"  # the default council of a fresh deployment is the demonstration one
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(place in line.casefold() for place in places)
    ]
    assert found == []


@pytest.mark.parametrize("supplier", ["openai", "anthropic", "azure", "twilio", "ollama"])
def test_no_suppliers_name_stands_in_the_rooms(supplier: str) -> None:
    allowed = ("providers", "bootstrap", "settings.py")
    found = [
        str(path) for path in SOURCES if not any(part in path.parts for part in allowed) and supplier in path.read_text("utf-8").casefold()
    ]
    assert found == []


def test_what_residents_read_uses_our_words() -> None:
    banned = re.compile(r"\b(chatbot|bot|customer|user|citizen|AI agent|chat with)\b", re.IGNORECASE)
    text = Path("councils/_baseline/wording/en.yaml").read_text("utf-8")
    assert [match[0] for match in banned.finditer(text)] == []
