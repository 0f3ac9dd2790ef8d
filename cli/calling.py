"""HTTP to our own services on loopback."""

import asyncio
import json
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

from libs.local.ports import LOOPBACK

TIMEOUT_S: Final = 20.0
NO_ANSWER: Final = 0


async def call(
    port: int, method: str, path: str, *, key: str | None = None, body: object = None
) -> tuple[int, Any]:
    """Status and decoded JSON; status 0 where nobody listens."""
    return await asyncio.to_thread(call_now, port, method, path, key, body)


def call_now(port: int, method: str, path: str, key: str | None, body: object) -> tuple[int, Any]:
    connection = HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    try:
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"null")
    except (OSError, HTTPException, ValueError):
        return NO_ANSWER, None
    finally:
        connection.close()
