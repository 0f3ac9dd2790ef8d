"""What this machine has and lacks for the local servers, for `appeals doctor` to print."""

import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.local.docker import docker_answers
from libs.local.errors import LocalServerError
from libs.local.jars import cache_folder, locked_jars, unpacked_jars
from libs.local.java import find_java
from libs.local.ports import is_free, new_ports
from libs.local.programs import find_programs

OLDEST_PYTHON: Final = (3, 11)
DISK_NEEDED_GB: Final = 2
KAFKA: Final = "APPEALS_KAFKA__BOOTSTRAP_SERVERS"
POSTGRES: Final = "APPEALS_POSTGRES__DSN"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is what to do, in Chinese and English; empty when nothing is to be done."""

    name: str
    ok: bool
    detail_zh: str
    detail_en: str
    remedy: str = ""


Check = Callable[[Mapping[str, str], Path], Finding]


def diagnose(environment: Mapping[str, str], state_dir: Path = Path(".local")) -> list[Finding]:
    """Starts nothing, fetches nothing, writes nothing but an empty cache folder."""
    checks: tuple[Check, ...] = (python, java, jars, postgres, disk, ports, docker)
    return [check(environment, state_dir) for check in checks]


def fine(name: str, zh: str, en: str) -> Finding:
    return Finding(name, ok=True, detail_zh=zh, detail_en=en)


def broken(name: str, error: LocalServerError) -> Finding:
    remedy = f"{error.do_zh}\n{error.do_en}"
    return Finding(name, ok=False, detail_zh=error.zh, detail_en=error.en, remedy=remedy)


def named(name: str, variable: str) -> Finding:
    return fine(name, f"不需要：已设置 {variable}", f"not needed: {variable} is set")


def python(environment: Mapping[str, str], state_dir: Path) -> Finding:
    version = platform.python_version()
    wanted = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info >= OLDEST_PYTHON:
        return fine("python", f"Python {version}", f"Python {version}")
    return Finding(
        "python",
        ok=False,
        detail_zh=f"Python {version} 低于 {wanted}",
        detail_en=f"Python {version} is older than {wanted}",
        remedy=f"安装 Python {wanted}+ / install Python {wanted}+",
    )


def java(environment: Mapping[str, str], state_dir: Path) -> Finding:
    if environment.get(KAFKA):
        return named("java", KAFKA)
    try:
        found = find_java(environment)
    except LocalServerError as error:
        return broken("java", error)
    where = f"Java {found.major}, {found.program} ({found.found_by})"
    return fine("java", where, where)


def jars(environment: Mapping[str, str], state_dir: Path) -> Finding:
    if environment.get(KAFKA):
        return named("kafka jars", KAFKA)
    try:
        unpacked = unpacked_jars(environment)
    except LocalServerError as error:
        return broken("kafka jars", error)
    if unpacked:
        return fine("kafka jars", "使用 APPEALS_KAFKA_HOME", "from APPEALS_KAFKA_HOME")
    return cached_jars(environment, state_dir)


def cached_jars(environment: Mapping[str, str], state_dir: Path) -> Finding:
    folder = cache_folder(environment, state_dir / "jars")
    wanted = locked_jars()
    here = sum(jar.matches(folder / jar.file_name) for jar in wanted)
    if here < len(wanted) and importlib.util.find_spec("jgo") is None:
        return Finding(
            "kafka jars",
            ok=False,
            detail_zh=f"{folder} 中有 {here}/{len(wanted)} 个，且没有下载工具 jgo",
            detail_en=f"{here} of {len(wanted)} in {folder}, and no jgo to fetch the others",
            remedy="pip install 'appeals[local]'；或设置 / or set APPEALS_KAFKA_HOME",
        )
    later_zh = "" if here == len(wanted) else "，其余首次启动时下载"
    later_en = "" if here == len(wanted) else ", the others are fetched at the first start"
    return fine(
        "kafka jars",
        f"{folder} 中有 {here}/{len(wanted)} 个已校验{later_zh}",
        f"{here} of {len(wanted)} checked in {folder}{later_en}",
    )


def postgres(environment: Mapping[str, str], state_dir: Path) -> Finding:
    if environment.get(POSTGRES):
        return named("postgresql", POSTGRES)
    try:
        found = find_programs(environment)
    except LocalServerError as error:
        return broken("postgresql", error)
    where = f"PostgreSQL {found.major}, {found.folder} ({found.found_by})"
    return fine("postgresql", where, where)


def disk(environment: Mapping[str, str], state_dir: Path) -> Finding:
    """Of the nearest folder that exists already."""
    absolute = state_dir.absolute()
    place = next(folder for folder in (absolute, *absolute.parents) if folder.exists())
    free_gb = shutil.disk_usage(place).free / 1e9
    return Finding(
        "disk",
        ok=free_gb >= DISK_NEEDED_GB,
        detail_zh=f"{place} 可用 {free_gb:.1f} GB，需要 {DISK_NEEDED_GB} GB",
        detail_en=f"{free_gb:.1f} GB free in {place}, {DISK_NEEDED_GB} GB are needed",
        remedy="" if free_gb >= DISK_NEEDED_GB else "腾出磁盘空间 / free some disk space",
    )


def ports(environment: Mapping[str, str], state_dir: Path) -> Finding:
    """Whether loopback lets us bind; without it the search for free ports would not end."""
    if not is_free(0):
        return Finding(
            "ports",
            ok=False,
            detail_zh="无法在 127.0.0.1 上监听",
            detail_en="nothing can listen on 127.0.0.1",
            remedy="检查容器或沙箱的网络限制 / check the network limits of the sandbox",
        )
    free = ", ".join(map(str, new_ports(3)))
    return fine("ports", f"空闲端口，例如 {free}", f"free, for example {free}")


def docker(environment: Mapping[str, str], state_dir: Path) -> Finding:
    """Never a fault: nothing needs it."""
    if docker_answers(environment):
        return fine("docker", "Docker 引擎可用", "an engine answers")
    return fine("docker", "没有 Docker 引擎，不需要", "no engine answers; none is needed")
