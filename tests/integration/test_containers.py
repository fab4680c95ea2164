"""The forwarder for containers of `sam local`."""

import socket

import pytest

from dev.errors import DevError
from dev.local_aws.containers import require_bindable

HOST = "127.0.0.1"


def test_port_is_free_after_its_connections_were_closed() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((HOST, port)) as client:
            server.accept()[0].close()  # first, so that the connection lingers on this side
            client.recv(1)

    require_bindable(HOST, port)


def test_port_of_a_listener_is_not_free() -> None:
    with (
        socket.create_server((HOST, 0)) as server,
        pytest.raises(DevError, match=r"Address already in use\. Stop the program"),
    ):
        require_bindable(HOST, server.getsockname()[1])
