"""A resident whose words were erased while the page is open starts anew, and nothing of what was said is left."""

from pathlib import Path

from tests.bootstrap.deployment import bytes_everywhere
from tests.web.browser import Browser

CANARY = "kanarek-7f3a sings in the bulky waste"


def test_the_canary_of_a_whole_conversation_is_gone_and_the_page_goes_on(browser: Browser, tmp_path: Path) -> None:
    browser.ask(CANARY)
    browser.ask("", path="/person")
    browser.send("#callback form", name="Kanarek-7f3a Sam", phone="01632 960001", safe="no", slot="soonest")
    browser.open("/complaint").send("main form", text=CANARY)
    assert CANARY in browser.open("/").text()
    rights = browser.guildhall.rights
    old = browser.conversation_id
    (complaint,) = rights.requests.all()
    certificate = rights.erasing.carry_out(rights.erasing.decide([old, complaint.id], "a rule", "a reason", "Pat Officer"))
    assert certificate.clean, certificate.as_text
    assert bytes_everywhere(tmp_path, "kanarek-7f3a") == bytes_everywhere(tmp_path, "Kanarek-7f3a") == []
    assert all(store.search([b"anarek-7f3a"]) == () for store in rights.erasing.stores)
    assert "anarek" not in browser.open("/").html
    browser.ask("How much is bulky waste?")
    assert browser.conversation_id != old
