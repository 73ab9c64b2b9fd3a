"""Recordings in the console: listed without sound, heard for a purpose that stands in the record."""

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.recordings import wire_recordings
from guildhall.records.recordings import RATE, Piece
from guildhall.storage.recordings import RecordingFile
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask


def recorded(guildhall: Guildhall) -> tuple[str, str]:
    """A conversation of which there is a recording; both ids."""
    conversation = residents_ask(guildhall).conversation_id
    folder = guildhall.settings.folders["recordings"]
    head, key = wire_recordings(guildhall.rights.memory, folder).begin(conversation)
    file = RecordingFile(folder, head, key)
    file.add(Piece(0.0, b"\x11" * RATE, b"\x22" * RATE))
    file.close()
    return conversation, head.recording


def test_a_recording_is_heard_for_a_purpose_and_by_who_may(guildhall: Guildhall) -> None:
    conversation, recording = recorded(guildhall)
    officer = Staff(guildhall, Role.DATA_PROTECTION_OFFICER)
    officer.open("/console/recordings")
    assert "Calls are not recorded" in officer.text() and recording in officer.text() and "0 min 1 s" in officer.text()
    form = f"form[action='/console/recordings/{recording}']"
    officer.open(f"/console/recordings/{recording}").send(form)
    assert "Choose why you need to listen to it" in officer.text()
    before = len(events_of(guildhall, "PersonalDataRead"))
    officer.send(form, purpose="complaint")
    assert officer.response.headers["content-type"] == "audio/wav" and officer.response.headers["cache-control"] == "no-store"
    assert officer.response.content[:4] == b"RIFF" and len(officer.response.content) == 44 + 4 * RATE
    (event,) = events_of(guildhall, "PersonalDataRead")[before:]
    assert (event["what"], event["purpose"]) == (f"recording {recording} of a call", "complaint")
    assert conversation in {
        kept.head.conversation for kept in wire_recordings(guildhall.rights.memory, guildhall.settings.folders["recordings"]).all()
    }


def test_who_may_not_listen_is_not_asked_why(guildhall: Guildhall) -> None:
    _, recording = recorded(guildhall)
    chair = Staff(guildhall, Role.BOARD_CHAIR)
    chair.open(f"/console/recordings/{recording}")
    assert "Recording of a call" in chair.text() and chair.all("form[action^='/console/recordings']") == []
    chair.open("/console/recordings/recording_none")
    assert "Recording not found" in chair.text()
