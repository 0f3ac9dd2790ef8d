"""HTTP to our own services on loopback."""

import asyncio
import json
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

from pydantic import TypeAdapter

from libs.local.ports import LOOPBACK

TIMEOUT_S: Final = 20.0
NO_ANSWER: Final = 0
OBJECT: Final = TypeAdapter(dict[str, Any])


async def call(
    port: int, method: str, path: str, *, key: str | None = None, body: object = None
) -> tuple[int, dict[str, Any]]:
    """Status and the decoded JSON object; status 0 where nobody listens."""
    return await asyncio.to_thread(call_now, port, method, path, key, body)


def call_now(
    port: int, method: str, path: str, key: str | None, body: object
) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    content = content_of(body)
    try:
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        return response.status, OBJECT.validate_json(response.read())
    except (OSError, HTTPException, ValueError):
        return NO_ANSWER, {}
    finally:
        connection.close()


def content_of(body: object) -> bytes | None:
    """Bytes are sent as they are, anything else as JSON."""
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode()
