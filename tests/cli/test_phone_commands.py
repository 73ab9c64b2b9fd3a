"""`guildhall phone`: what is missing is said, and a command that cannot work says what would be right."""

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.bootstrap.phone_prompts import fixed_wording
from guildhall.cli import main
from guildhall.cli.serve import start_phone
from guildhall.councils.loading import load_council
from guildhall.providers.speech.prompt_pack import read_pack
from guildhall.settings import Settings

COUNCILS = Path(__file__).parents[2] / "councils"


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "socket.socket":
    """A port for the phone that something deaf has."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    given = {"COUNCILS_DIR": COUNCILS, "DATA_DIR": tmp_path, "PHONE_PORT": made.getsockname()[1], "PORT": 1}
    for name, value in given.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
    return made


def test_check_says_what_is_there_and_what_is_missing(taken: socket.socket) -> None:
    taken.close()
    result = CliRunner().invoke(main, ["phone", "check", "--json"])
    found = {finding["what"]: finding for finding in json.loads(result.output)}
    assert result.exit_code == 0, result.output
    assert found["Failover"]["found"].startswith("01632960100")
    assert found["Phone"]["state"] == "note" and "not answered now" in found["Phone"]["found"]
    assert found["Web server"]["state"] == "note" and "failover line" in found["Web server"]["fix"]
    assert found["Recording"]["found"] == "off"


def test_check_says_how_each_language_is_offered_and_what_is_to_be_recorded(taken: socket.socket) -> None:
    taken.close()
    result = CliRunner().invoke(main, ["phone", "check", "--json"])
    found = {finding["what"]: finding for finding in json.loads(result.output)}
    assert found["Speech services"]["found"] == "none outside this machine"
    languages = {what.partition(" ")[2] for what in found if what.startswith("Language ")}
    profile = load_council(COUNCILS, "avonmere")
    assert languages == {"en", *(code.value for code in profile.phone.languages)}
    assert found["Language so"]["state"] == "note" and found["Language so"]["found"].startswith("person: No voice speaks it")
    assert "guildhall phone prompts list so" in found["Language so"]["fix"]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("PHONE_PORT", "abc", "GUILDHALL_PHONE_PORT: input should be a valid integer"),
        ("PHONE_GATEWAY", "asterix", "GUILDHALL_PHONE_GATEWAY: input should be 'embedded', 'asterisk' or 'streams'"),
        ("PHONE_PEERS", "10.0.0.300", "peers: '10.0.0.300' is neither an address"),
        ("PHONE_PEERS", "sbc.invalid", "`sbc.invalid` cannot be looked up"),
        ("PHONE_FAILOVER", "hello", "GUILDHALL_PHONE_FAILOVER is `hello`: not an address like sip:name@host:port"),
        ("PHONE_RTP_PORTS", "400-100", "GUILDHALL_PHONE_RTP_PORTS is `400-100`, which names no ports"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(
    taken: socket.socket, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    taken.close()
    monkeypatch.setenv(f"GUILDHALL_{setting}", value)
    result = CliRunner().invoke(main, ["phone", "check"])
    assert said in result.output and "Traceback" not in result.output and "Set GUILDHALL_PHONE_PEERS" not in result.output
    assert result.exit_code == (0 if value == "sbc.invalid" else 1)


def test_check_finds_a_speech_service_that_the_council_has_not_registered(taken: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    taken.close()
    monkeypatch.setenv("GUILDHALL_SPEECH_HEARS", "deepgram")
    result = CliRunner().invoke(main, ["phone", "check"])
    assert result.exit_code == 1
    assert "speech.suppliers.deepgram" in result.output


def test_the_script_to_record_from_is_one_that_a_pack_is_read_by(taken: socket.socket, tmp_path: Path) -> None:
    taken.close()
    result = CliRunner().invoke(main, ["phone", "prompts", "list", "en"])
    assert result.exit_code == 0, result.output
    (tmp_path / "script.csv").write_text(result.output, "utf-8")
    pack = read_pack(tmp_path, "en", fixed_wording(load_council(COUNCILS, "avonmere"), "en"))
    assert len(pack.missing) == len(result.output.splitlines()) - 1 > 20
    assert pack.problems == ()


def test_a_language_that_there_is_not_is_refused_with_those_there_are(taken: socket.socket) -> None:
    taken.close()
    result = CliRunner().invoke(main, ["phone", "prompts", "list", "xx"])
    assert result.exit_code == 2 and "'xx' is not one of 'en', 'ar'" in result.output


def test_check_fails_when_calls_would_not_be_answered(taken: socket.socket) -> None:
    with taken:
        result = CliRunner().invoke(main, ["phone", "check"])
    assert result.exit_code == 1
    assert "answers no SIP" in result.output and "GUILDHALL_PHONE_PORT" in result.output


def test_check_finds_a_phone_that_would_listen_to_the_world(taken: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    taken.close()
    monkeypatch.setenv("GUILDHALL_PHONE_HOST", "0.0.0.0")
    result = CliRunner().invoke(main, ["phone", "check"])
    assert result.exit_code == 1
    assert "GUILDHALL_PHONE_PEERS" in result.output


def test_the_web_is_served_all_the_same_when_the_phone_cannot_be(taken: socket.socket, capsys: pytest.CaptureFixture[str]) -> None:
    with taken:
        assert start_phone(Settings(), "avonmere", "http://127.0.0.1:1") is None
    said = capsys.readouterr().out
    assert "already in use" in said and "The web is served all the same." in said


def test_a_tried_call_needs_something_that_the_caller_does() -> None:
    result = CliRunner().invoke(main, ["phone", "try"])
    assert result.exit_code == 2
    assert "--keys, --wav or --script" in result.output


def test_a_script_with_an_unknown_step_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "call.yaml").write_text("steps:\n  - shout: hello\n", "utf-8")
    result = CliRunner().invoke(main, ["phone", "try", "--script", str(tmp_path / "call.yaml")])
    assert result.exit_code == 1
    assert "call.yaml" in result.output and "shout" in result.output


def test_a_script_and_words_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "call.yaml").write_text("steps:\n  - say: hello\n", "utf-8")
    result = CliRunner().invoke(main, ["phone", "try", "hello", "--script", str(tmp_path / "call.yaml")])
    assert result.exit_code == 2
