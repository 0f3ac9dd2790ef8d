"""Kafka's jars: an unpacked distribution, else fetched once and checked against the lock."""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from libs.local.errors import JarsMissingError, WrongJarError

KAFKA_VERSION: Final = "4.3.1"
ATTEMPTS: Final = 3
TIMEOUT_S: Final = 30

Progress = Callable[[int, int, str], None]
"""Called with jars here, jars in all, and the name of the one that comes next."""


@dataclass(frozen=True, slots=True)
class LockedJar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    def matches(self, path: Path) -> bool:
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def locked_jars(text: str | None = None) -> tuple[LockedJar, ...]:
    """`group:artifact:version sha256` a line, as Maven resolves Kafka's broker and its logger."""
    lock = text or (files("libs.local") / "kafka.lock").read_text()
    parts = (line.replace(":", " ").split() for line in lock.splitlines() if line.strip())
    return tuple(LockedJar(*part) for part in parts)


def cache_folder(environment: Mapping[str, str], fallback: Path) -> Path:
    """The user's cache, or `fallback` where that can not be written."""
    home = environment.get("HOME")
    cache = environment.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else str(fallback))
    folder = Path(cache) / "appeals" / f"kafka-{KAFKA_VERSION}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    return fallback / f"kafka-{KAFKA_VERSION}"


def unpacked_jars(environment: Mapping[str, str]) -> tuple[Path, ...] | None:
    """Those of APPEALS_KAFKA_HOME; None when it is not set. Raises JarsMissingError."""
    home = environment.get("APPEALS_KAFKA_HOME")
    if not home:
        return None
    jars = tuple(sorted(Path(home).glob("libs/*.jar")))
    if not any(jar.name.startswith("kafka_2.") for jar in jars):
        raise not_a_distribution(home)
    return jars


async def kafka_jars(
    environment: Mapping[str, str],
    fallback: Path,
    progress: Progress,
    lock: Sequence[LockedJar] = (),
) -> tuple[Path, ...]:
    """All of them, checked. Raises JarsMissingError or WrongJarError; goes on where it stopped."""
    if unpacked := unpacked_jars(environment):
        return unpacked
    jars = lock or locked_jars()
    folder = cache_folder(environment, fallback)
    folder.mkdir(parents=True, exist_ok=True)
    for number, jar in enumerate(jars):
        if not jar.matches(folder / jar.file_name):
            progress(number, len(jars), jar.file_name)
            # One file a thread call: an interrupt is answered between two of them.
            await asyncio.to_thread(fetch, jar, folder, environment.get("APPEALS_MAVEN_URL"))
    progress(len(jars), len(jars), "")
    return tuple(folder / jar.file_name for jar in jars)


def fetch(jar: LockedJar, folder: Path, mirror: str | None) -> None:
    """Safe beside another process that does the same: a file appears whole or not at all."""
    for attempt in range(1, ATTEMPTS + 1):
        repository = Path(tempfile.mkdtemp(prefix=".fetch-", dir=folder))
        try:
            fetched = download(jar, repository, mirror)
            if not jar.matches(fetched):
                raise wrong_jar(jar)
            fetched.replace(folder / jar.file_name)
        # Not found is RuntimeError with jgo; what the network does is OSError.
        except (OSError, RuntimeError) as error:
            if attempt == ATTEMPTS:
                raise not_fetched(jar, error) from error
        else:
            return
        finally:
            shutil.rmtree(repository, ignore_errors=True)


def download(jar: LockedJar, repository: Path, mirror: str | None) -> Path:
    """With jgo's client for single files; its resolver mixes versions."""
    if importlib.util.find_spec("jgo") is None:
        raise not_fetched(jar, ModuleNotFoundError("jgo"))
    from jgo.maven import MavenContext  # noqa: PLC0415 - comes with the extra `local` alone

    remote = {"central": mirror.rstrip("/")} if mirror else None
    context = MavenContext(repo_cache=repository, remote_repos=remote, timeout=TIMEOUT_S)
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    return component.artifact().resolve()


def not_a_distribution(home: str) -> JarsMissingError:
    return JarsMissingError(
        f"APPEALS_KAFKA_HOME={home} 下没有 libs/kafka_2.*.jar。",
        f"APPEALS_KAFKA_HOME={home} has no libs/kafka_2.*.jar.",
        do_zh="请让它指向解压后的 Kafka 目录，或取消该变量以自动下载。",
        do_en="Point it at an unpacked Kafka distribution, or unset it to have the jars fetched.",
    )


def wrong_jar(jar: LockedJar) -> WrongJarError:
    return WrongJarError(
        f"下载的 {jar.file_name} 的 sha256 与锁定值不符，已拒绝。",
        f"The {jar.file_name} that was fetched has another sha256 than the lock and is refused.",
        do_zh="请检查镜像 APPEALS_MAVEN_URL。",
        do_en="Check the mirror in APPEALS_MAVEN_URL.",
    )


def not_fetched(jar: LockedJar, error: Exception) -> JarsMissingError:
    kind = type(error).__name__
    return JarsMissingError(
        f"无法下载 Kafka 的 {jar.file_name}（{kind}）。",
        f"Kafka's {jar.file_name} could not be fetched ({kind}).",
        do_zh="任选其一：检查网络后重试（会续传）；用 APPEALS_MAVEN_URL 指定 Maven 镜像；"
        "用 APPEALS_KAFKA_HOME 指定解压后的 Kafka；"
        "pip install 'appeals[local]'；或用 APPEALS_KAFKA__BOOTSTRAP_SERVERS 指定现成的 Kafka。",
        do_en="Do one of these: check the network and try again (it goes on where it stopped); "
        "name a Maven mirror in APPEALS_MAVEN_URL; name an unpacked Kafka in APPEALS_KAFKA_HOME; "
        "pip install 'appeals[local]'; or name a Kafka that runs in "
        "APPEALS_KAFKA__BOOTSTRAP_SERVERS.",
    )
