"""`guildhall staff link`: where the link leads when the server may have another address than the settings say."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.cli import main


@pytest.mark.parametrize(("public", "warned"), [("", True), ("https://ask.example.gov.uk", False)])
def test_a_link_by_the_settings_says_that_a_server_on_another_port_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, public: str, warned: bool
) -> None:
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", f"sqlite:///{tmp_path}/cli.sqlite3")
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("GUILDHALL_PUBLIC_URL", public)
    monkeypatch.setenv("GUILDHALL_PORT", "8080")
    CliRunner().invoke(main, ["staff", "add", "Sam Reed", "--role", "auditor"])
    result = CliRunner().invoke(main, ["staff", "link", "Sam Reed"])
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1 and f"{public or 'http://localhost:8080'}/console/sign-in/link?token=" in result.stdout
    assert ("GUILDHALL_PORT" in result.stderr) == warned
