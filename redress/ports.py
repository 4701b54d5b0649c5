"""Free ports, and a plain word when one is taken."""

import errno
import socket
from contextlib import ExitStack

from redress.problem import Problem


def check_free(host: str, port: int) -> None:
    """Raise Problem unless we could listen here."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise Problem(
            f"REDRESS_HOST is {host!r}, which is no address of this machine. Correct or unset it."
        ) from error
    except OSError as error:
        raise Problem(_why(host, port, error)) from error


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} is taken by another program. Stop that one, or choose a port: REDRESS_PORT={other}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have. Choose one from 1024: REDRESS_PORT=8000."
    return f"Port {port} of {host} cannot be used ({error.strerror}). Choose others: REDRESS_HOST, REDRESS_PORT."


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody uses."""
    with ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
