"""Free loopback ports that stay the same from start to start where they can."""

import json
import secrets
import socket
from pathlib import Path
from typing import Final

# Below what the systems hand out to outgoing connections, so nobody takes one by chance.
RANGE: Final = range(20_000, 32_000)
LOOPBACK: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: connections that are winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def new_ports(count: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < count:
        port = secrets.choice(RANGE)
        if port not in chosen and is_free(port):
            chosen.append(port)
    return chosen


def kept_ports(path: Path, count: int) -> list[int]:
    """Those that the file holds while all of them are free, else new ones, which it then holds."""
    try:
        ports: list[int] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        ports = []
    if len(ports) != count or not all(is_free(port) for port in ports):
        ports = new_ports(count)
        path.write_text(json.dumps(ports))
    return ports
