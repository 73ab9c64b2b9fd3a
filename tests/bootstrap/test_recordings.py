"""Recordings of calls in the house: heard for a recorded purpose only, erased with the words, deleted in time, held, and handed to the person."""

import json
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from guildhall.bootstrap.recordings import RecordingOffice, wire_recordings
from guildhall.cli import main
from guildhall.councils.loading import read_retention
from guildhall.councils.yaml_files import YamlReader
from guildhall.providers.telephony.g711 import Law, decode
from guildhall.records.recordings import RATE, Piece
from guildhall.records.requests import Asked, Step
from guildhall.records.retention import RetentionFile
from guildhall.storage.recordings import RecordingFile
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import EXPORT_CHECKS, Answer, HoldKind, Looker, RightsKind, RightsStep
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere

PAT = Looker("Pat Officer", "complaint C-1")


def office(deployment: Deployment) -> RecordingOffice:
    return wire_recordings(deployment.rights.memory, deployment.settings.folders["recordings"])


def recorded(deployment: Deployment, conversation: str = "", seconds: int = 2) -> tuple[str, str]:
    """A conversation with a recorded call; both ids."""
    conversation = conversation or deployment.say(CANARY)
    head, key = office(deployment).begin(conversation)
    file = RecordingFile(deployment.settings.folders["recordings"], head, key)
    for n in range(seconds):
        file.add(Piece(float(n), CANARY.encode().ljust(RATE, b"\x11"), b"\x22" * RATE))
    file.close()
    return conversation, head.recording


def test_whoever_listens_stands_in_the_record_first(deployment: Deployment) -> None:
    conversation, recording = recorded(deployment)
    sound = office(deployment).listen(PAT, recording)
    (event,) = deployment.events(EventKind.PERSONAL_DATA_READ)
    assert (event["by"], event["purpose"], event["what"]) == ("Pat Officer", "complaint C-1", f"recording {recording} of a call")
    with wave.open(BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth(), file.getnframes()) == (2, RATE, 2, 2 * RATE)
        woven = np.frombuffer(file.readframes(2 * RATE), np.int16)
    heard = bytes(CANARY.encode().ljust(RATE, b"\x11")) * 2, b"\x22" * 2 * RATE
    assert [woven[side::2].tolist() for side in (0, 1)] == [decode(track, Law.A).tolist() for track in heard]
    office(deployment).listen(PAT, recording, takes_away=True)
    assert len(deployment.events(EventKind.PERSONAL_DATA_EXPORTED)) == 1
    assert [kept.head.conversation for kept in office(deployment).all()] == [conversation]


@pytest.mark.parametrize("nobody", [Looker("", "complaint"), Looker("Pat", " ")])
def test_nobody_listens_without_a_name_and_a_purpose(deployment: Deployment, nobody: Looker) -> None:
    _, recording = recorded(deployment)
    with pytest.raises(RefusedError, match="needs a name and a purpose"):
        office(deployment).listen(nobody, recording)


def test_no_sound_lies_about_unsealed(deployment: Deployment) -> None:
    recorded(deployment)
    assert [path for path in bytes_everywhere(deployment.folder, CANARY) if "recordings" in str(path)] == []


def test_erasing_the_words_takes_the_recording_and_its_key(deployment: Deployment) -> None:
    conversation, recording = recorded(deployment)
    other, kept = recorded(deployment)
    copy = office(deployment).folder.find(recording)
    text = copy.path.read_bytes()
    decided = deployment.rights.erasing.decide([conversation], "asked", "asked to", "Pat")
    certificate = deployment.rights.erasing.carry_out(decided)
    assert certificate.clean and certificate.content["purged"]["Recordings of calls, sealed"] == 1
    assert [one.head.recording for one in office(deployment).all()] == [kept]
    copy.path.write_bytes(text)  # as from a backup of the folder
    with pytest.raises(NotFoundError, match="cannot be heard any more"):
        office(deployment).listen(PAT, recording)
    deployment.rights.retention.sweep()
    assert not copy.path.exists() and office(deployment).all(other)


def test_a_recording_goes_when_its_time_is_over_and_a_hold_keeps_it(deployment: Deployment) -> None:
    held, _ = recorded(deployment)
    _, gone = recorded(deployment)
    deployment.rights.holds.place(HoldKind.LEGAL_CLAIM, [held], "legal claim", "Pat")
    deployment.clock.move(days=31)
    _, new = recorded(deployment)
    (due,) = [one for one in deployment.rights.retention.due() if one.name == "call-recordings"]
    assert due.over == (gone,) and due.held == 1
    deployment.rights.retention.run(clock_is_right="Pat")
    left = {one.head.recording for one in office(deployment).all()}
    assert gone not in left and len(left) == 2 and new in left


def test_recordings_cannot_outlive_the_words_whose_key_opens_them() -> None:
    file = read_retention(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
    longer = {**file.schedules, "call-recordings": file.schedules["call-recordings"].model_copy(update={"days": 91})}
    with pytest.raises(ValidationError, match="recordings cannot be kept for 91 days when words go after 90"):
        RetentionFile(schedules=longer)


@pytest.mark.parametrize("withheld", [False, True])
def test_the_copy_for_the_person_holds_the_recording_unless_a_check_withholds_it(deployment: Deployment, withheld: bool) -> None:
    conversation, recording = recorded(deployment)
    deployment.clock.move(minutes=1)
    request = deployment.rights.requests.register(RightsKind.ACCESS, Asked("please"), [conversation])
    for check in EXPORT_CHECKS:
        said = (recording,) if withheld and check == RightsStep.THIRD_PARTY_REVIEW else ()
        deployment.rights.requests.take(request.reference, Step(check, Answer.SAFE, "Pat", deployment.clock(), withheld=said))
    folder = deployment.rights.access.export(request.reference, PAT)
    (one,) = json.loads((folder / "copy.json").read_text("utf-8"))["conversations"]
    (line,) = [line for line in one["also_held"] if line["id"] == recording]
    assert line["what"] == "A recording of the call, 2 seconds"
    assert (folder / f"{recording}.wav").exists() is not withheld
    assert line["text"].startswith("[Withheld") is withheld
    if not withheld:
        assert (folder / f"{recording}.wav").stat().st_mode & 0o777 == 0o600


def test_the_command_line_lists_and_exports(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation, recording = recorded(deployment)
    monkeypatch.setattr("guildhall.bootstrap.recordings.open_memory", lambda *_: deployment.rights.memory)
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(deployment.folder))
    listed = CliRunner().invoke(main, ["recordings", "list", "--json"])
    assert [(one["recording"], one["conversation"], one["seconds"]) for one in json.loads(listed.output)] == [
        (recording, conversation, "2")
    ]
    target = deployment.folder / "call.wav"
    refused = CliRunner().invoke(main, ["recordings", "export", recording, str(target), "--as", "Pat", "--purpose", ""])
    assert refused.exit_code != 0 and not target.exists()
    done = CliRunner().invoke(main, ["recordings", "export", recording, str(target), "--as", "Pat", "--purpose", "complaint"])
    assert done.exit_code == 0 and target.read_bytes()[:4] == b"RIFF" and target.stat().st_mode & 0o777 == 0o600


def test_a_recording_of_words_that_are_gone_is_not_begun(deployment: Deployment) -> None:
    with pytest.raises(NotFoundError):
        office(deployment).begin("conv_nobody")
