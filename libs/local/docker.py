"""Whether a Docker engine answers; nothing here needs one."""

import http.client
import socket
from collections.abc import Mapping
from typing import Final

DEFAULT: Final = "unix:///var/run/docker.sock"
TIMEOUT_S: Final = 2.0


def docker_answers(environment: Mapping[str, str]) -> bool:
    """Asks the engine itself: the command alone may be installed without one."""
    scheme, _, address = (environment.get("DOCKER_HOST") or DEFAULT).partition("://")
    try:
        with connected(scheme, address) as engine:
            engine.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            answer = http.client.HTTPResponse(engine)
            answer.begin()
            return answer.status == http.client.OK
    except (OSError, ValueError, http.client.HTTPException):
        return False


def connected(scheme: str, address: str) -> socket.socket:
    """Raises OSError or ValueError."""
    if scheme != "unix":
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), TIMEOUT_S)
    engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    engine.settimeout(TIMEOUT_S)
    try:
        engine.connect(address)
    except OSError:
        engine.close()
        raise
    return engine
