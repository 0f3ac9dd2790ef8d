"""Requests that no client library would send, byte by byte."""

import asyncio
import json

import pytest

from tests.support.intake import PRODUCER, Intake, key_of, submission

BODY = json.dumps(submission("a")).encode()
HEAD = f"POST /v1/appeals HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key_of(PRODUCER)}\r\n"


async def told(intake: Intake, raw: bytes) -> bytes:
    """The first line of the answer; empty when the connection is closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
    try:
        writer.write(raw)
        await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
        return await asyncio.wait_for(reader.readline(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def with_length(length: str, body: bytes = BODY) -> bytes:
    return f"{HEAD}content-length: {length}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (with_length("-1"), (b"400",)),
        (with_length("many"), (b"400",)),
        (with_length("9" * 40), (b"400", b"413")),
        (with_length("10000000"), (b"413",)),
        (with_length("12"), (b"400", b"422")),
        (with_length("0"), (b"400", b"422")),
        (f"{HEAD}\r\n".encode(), (b"422",)),
        (f"{HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n".encode(), (b"400", b"")),
        (b"\x00\x01\x02\r\n\r\n", (b"400",)),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", (b"400", b"404", b"414", b"431")),
    ],
)
async def test_a_lie_about_the_length_is_refused_and_the_server_lives_on(
    intake: Intake, raw: bytes, statuses: tuple[bytes, ...]
) -> None:
    line = await told(intake, raw)
    assert [*line.split(b" "), b"", b""][1] in statuses
    assert (await intake.submit(submission("later"))).status_code == 202


async def test_a_body_that_never_comes_whole_is_nothing(intake: Intake) -> None:
    line = await told(intake, with_length(str(len(BODY) + 10)))
    assert not line.startswith(b"HTTP/1.1 2")
    assert not line.startswith(b"HTTP/1.1 5")
    assert (await intake.submit(submission("later"))).status_code == 202
    assert await intake.accepted() == ["later"]


async def test_a_sender_who_dawdles_holds_nobody_up(intake: Intake) -> None:
    dawdlers = [await asyncio.open_connection("127.0.0.1", intake.port) for _ in range(20)]
    for _, writer in dawdlers:
        writer.write(with_length("500", b"{"))
        await writer.drain()
    answer = await asyncio.wait_for(intake.submit(submission("later")), 10)
    assert answer.status_code == 202
    for _, writer in dawdlers:
        writer.close()
