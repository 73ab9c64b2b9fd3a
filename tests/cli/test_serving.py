import socket

import pytest
from click.testing import CliRunner

from guildhall.cli.serve import listen, serve
from guildhall.vocabulary.errors import GuildhallError


def test_a_taken_port_is_said_at_once_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(serve, ["--host", "127.0.0.1", "--port", str(port)])
    assert result.exit_code == 1
    assert f"port {port} is already in use" in result.output
    assert "--port" in result.output


def test_an_address_that_is_not_this_machines_is_refused() -> None:
    with pytest.raises(GuildhallError, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_a_free_port_is_listened_on() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0
