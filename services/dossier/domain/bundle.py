"""The lines of an evidence bundle: JSON objects, one a line, the last of which closes the file."""

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast

from services.dossier.domain.checking import BreakKind

VERSION: Final = 1
HASH: Final = re.compile(r"[0-9a-f]{64}")
# JSON can spell halves of letters, which no bytes in UTF-8 stand for.
HALF_LETTER: Final = re.compile("[\ud800-\udfff]")
SERVICE: Final = re.compile(r"[a-z]{1,20}")
MOST_NUMBER: Final = 2**53
MOST_PARTITION: Final = 2**16
LONGEST_PROOF: Final = 64
HEADER: Final = frozenset({"appeals-bundle", "scope", "origin", "algorithm", "last"})
CHECKPOINT: Final = frozenset({"checkpoint"})
CHAIN: Final = frozenset({"chain", "version", "hash", "index", "proof"})
PROVEN: Final = frozenset({"version", "service", "partition", "sequence", "index", "proof"})
PLAIN: Final = frozenset({"key", "service", "partition", "sequence"})
END: Final = frozenset({"end", "sha256"})
VALUES: Final = frozenset({"value", "base64"})
Scope: TypeAlias = Literal["enterprise", "all"]
Line: TypeAlias = Mapping[str, Any]


class BundleError(Exception):
    """The first place at which a bundle does not hold."""

    def __init__(self, kind: BreakKind, line: int, expected: str, found: str) -> None:
        super().__init__(f"{kind} in line {line}")
        self.kind: BreakKind = kind
        self.line = line
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class Numbered:
    """One line that is an object; its fields are asked for by kind."""

    number: int
    fields: Line

    def wrong(self, expected: str, found: object) -> BundleError:
        return BundleError("bundle", self.number, expected, str(found)[:100])

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or HALF_LETTER.search(value):
            raise self.wrong(f"{name}:text", type(value).__name__)
        return value

    def whole(self, name: str, below: int = MOST_NUMBER) -> int:
        value = self.fields.get(name)
        if type(value) is not int or not 0 <= value < below:
            raise self.wrong(f"{name}:number", type(value).__name__)
        return value

    def hash(self, name: str) -> bytes:
        text = self.text(name)
        if not HASH.fullmatch(text):
            raise self.wrong(f"{name}:hash", text)
        return bytes.fromhex(text)

    def proof(self) -> list[bytes]:
        found: object = self.fields.get("proof")
        hashes = cast("list[object]", found) if isinstance(found, list) else [None]
        texts = [one for one in hashes if isinstance(one, str) and HASH.fullmatch(one)]
        if len(texts) != len(hashes) or len(texts) > LONGEST_PROOF:
            raise self.wrong("proof:hashes", "other")
        return [bytes.fromhex(one) for one in texts]

    def service(self) -> str:
        text = self.text("service")
        if not SERVICE.fullmatch(text):
            raise self.wrong("service:name", text)
        return text

    def value(self) -> bytes:
        if "value" in self.fields:
            return self.text("value").encode()
        try:
            return b64decode(self.text("base64"), validate=True)
        except (Base64Error, ValueError) as error:
            raise self.wrong("base64:base64", "other") from error


def read_line(number: int, raw: bytes) -> Numbered:
    """Raises BundleError; a line without its end is a file without its end."""
    if not raw.endswith(b"\n"):
        raise BundleError("truncated", number, "end of line", "end of file")
    try:
        fields: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BundleError("bundle", number, "JSON", "no JSON") from error
    if not isinstance(fields, dict):
        raise BundleError("bundle", number, "an object", type(fields).__name__)
    return Numbered(number, cast("Line", fields))


def kind_of(line: Numbered, scope: Scope) -> frozenset[str]:
    """Which of the kinds of line it is. Raises BundleError for a field more or less."""
    names = frozenset(line.fields)
    without = names - VALUES
    entry = PROVEN if scope == "enterprise" else PLAIN
    if len(names & VALUES) == 1 and without == entry:
        return entry
    kinds = (CHECKPOINT, CHAIN, END) if scope == "enterprise" else (CHECKPOINT, END)
    if names not in kinds:
        raise line.wrong("bundle-line", sorted(names))
    return names


@dataclass(frozen=True, slots=True)
class Head:
    """The first line."""

    scope: Scope
    origin: str
    algorithm: Literal["sha256", "sm3"]
    last: int


def read_head(line: Numbered) -> Head:
    """Raises BundleError; a version that is not known here is told as such."""
    version = line.fields.get("appeals-bundle")
    if type(version) is not int or version != VERSION:
        raise line.wrong(f"appeals-bundle:{VERSION}", version)
    if frozenset(line.fields) != HEADER:
        raise line.wrong("first-line", sorted(line.fields))
    scope, algorithm = line.text("scope"), line.text("algorithm")
    if scope not in ("enterprise", "all") or algorithm not in ("sha256", "sm3"):
        raise line.wrong("scope,algorithm", f"{scope},{algorithm}")
    return Head(
        "all" if scope == "all" else "enterprise",
        line.text("origin"),
        "sm3" if algorithm == "sm3" else "sha256",
        line.whole("last"),
    )


def written(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def value_field(value: bytes) -> dict[str, str]:
    """As text where it is one, so that a person can read the bundle."""
    try:
        return {"value": value.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(value).decode()}


def hexed(proof: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in proof]
