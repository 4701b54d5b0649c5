"""Tests stay on this machine."""

import socket

import pytest


def test_a_test_cannot_reach_an_address_beyond_loopback() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_test_cannot_look_up_a_name() -> None:
    with pytest.raises(RuntimeError, match="example"):
        socket.getaddrinfo("example.com", 80)


def test_a_test_can_reach_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        assert client.getpeername() == server.getsockname()
        client.close()
