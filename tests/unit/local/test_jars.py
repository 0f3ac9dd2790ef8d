import hashlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from libs.local.errors import JarsMissingError, WrongJarError
from libs.local.jars import LockedJar, kafka_jars, locked_jars

CONTENT = b"what the jar holds"
JAR = LockedJar("org.example.queue", "broker", "1.0", hashlib.sha256(CONTENT).hexdigest())
OTHER = LockedJar("org.example.queue", "client", "2.0", hashlib.sha256(b"other").hexdigest())


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def mirror(folder: Path) -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def publish(repository: Path, jar: LockedJar, content: bytes) -> None:
    folder = repository.joinpath(*jar.group.split("."), jar.artifact, jar.version)
    folder.mkdir(parents=True)
    (folder / jar.file_name).write_bytes(content)


async def fetched(tmp_path: Path, url: str, *lock: LockedJar) -> tuple[list[str], list[Path]]:
    """The names that were announced as coming next, and where the jars are."""
    announced: list[str] = []
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "APPEALS_MAVEN_URL": url}
    paths = await kafka_jars(
        environment, tmp_path, lambda here, in_all, name: announced.append(name), lock
    )
    return announced, list(paths)


def test_the_lock_names_one_broker_and_one_logger_among_46_jars_with_a_sha256_each() -> None:
    jars = locked_jars()
    names = [jar.file_name for jar in jars]
    assert len(set(names)) == 46
    assert {"kafka_2.13-4.3.1.jar", "log4j-slf4j-impl-2.25.3.jar"} <= set(names)
    assert all(len(jar.sha256) == 64 for jar in jars)


async def test_a_jar_is_fetched_once_and_then_found(tmp_path: Path) -> None:
    publish(tmp_path / "maven", JAR, CONTENT)
    with mirror(tmp_path / "maven") as url:
        first, paths = await fetched(tmp_path, url + "/", JAR)
    again, same = await fetched(tmp_path, url, JAR)
    assert (first, again) == ([JAR.file_name, ""], [""])
    assert paths == same
    assert paths[0].read_bytes() == CONTENT


async def test_a_jar_with_another_sha256_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    publish(tmp_path / "maven", JAR, b"something else")
    with mirror(tmp_path / "maven") as url, pytest.raises(WrongJarError, match="sha256"):
        await fetched(tmp_path, url, JAR)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


async def test_a_cached_jar_that_was_changed_is_fetched_again(tmp_path: Path) -> None:
    publish(tmp_path / "maven", JAR, CONTENT)
    with mirror(tmp_path / "maven") as url:
        _, (path,) = await fetched(tmp_path, url, JAR)
        path.write_bytes(CONTENT + b"!")
        await fetched(tmp_path, url, JAR)
    assert path.read_bytes() == CONTENT


async def test_a_fetch_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    publish(tmp_path / "maven", JAR, CONTENT)
    with mirror(tmp_path / "maven") as url:
        with pytest.raises(JarsMissingError, match=r"client-2\.0\.jar"):
            await fetched(tmp_path, url, JAR, OTHER)
        publish(tmp_path / "maven", OTHER, b"other")
        announced, _ = await fetched(tmp_path, url, JAR, OTHER)
    assert announced == [OTHER.file_name, ""]


async def test_an_unpacked_kafka_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "kafka_2.13-4.3.1.jar").write_bytes(b"")
    jars = await kafka_jars(
        {"APPEALS_KAFKA_HOME": str(tmp_path)}, tmp_path, lambda here, in_all, name: None
    )
    assert [jar.name for jar in jars] == ["kafka_2.13-4.3.1.jar"]


async def test_a_folder_without_kafka_is_no_kafka_home(tmp_path: Path) -> None:
    with pytest.raises(JarsMissingError, match="APPEALS_KAFKA_HOME"):
        await kafka_jars(
            {"APPEALS_KAFKA_HOME": str(tmp_path)}, tmp_path, lambda here, in_all, name: None
        )
