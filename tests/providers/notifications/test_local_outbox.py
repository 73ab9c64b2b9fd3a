import json
import stat
from pathlib import Path

import pytest

from guildhall.aftercare.ports import NotSentError
from guildhall.providers.notifications.local_outbox import LocalOutbox
from tests.providers.notifications.test_both_senders import email, text


def test_a_message_sent_again_is_the_same_file(tmp_path: Path) -> None:
    outbox = LocalOutbox(tmp_path / "outbox")
    outbox.send(text())
    outbox.send(text())
    (file,) = (tmp_path / "outbox").iterdir()
    assert json.loads(file.read_text("utf-8"))["to"] == "07700 900123"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_it_wrote_can_be_read_for_a_demonstration(tmp_path: Path) -> None:
    outbox = LocalOutbox(tmp_path)
    outbox.send(email())
    shown = outbox.read("conv_1.even_2")
    assert shown is not None and (shown["subject"], shown["channel"], shown["text"]) == ("Your enquiry", "email", "Hello")
    assert outbox.read("conv_9.even_9") is None


@pytest.mark.parametrize("reference", ["../keys/master", ".hidden", "a/b", "", "a" * 81])
def test_a_reference_that_is_no_name_of_a_file_is_refused(tmp_path: Path, reference: str) -> None:
    with pytest.raises(NotSentError, match="not fit"):
        LocalOutbox(tmp_path).send(text(reference))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(NotSentError, match="cannot be written") as caught:
        LocalOutbox(tmp_path / "outbox").send(text())
    assert caught.value.retry
