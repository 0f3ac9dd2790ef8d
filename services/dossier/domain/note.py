"""Signed notes (C2SP signed-note): a text, and under it Ed25519 signatures by named keys."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519: Final = b"\x01"
DASH: Final = "— "
KEY_BYTES: Final = 32
ID_BYTES: Final = 4
SIGNATURE_BYTES: Final = 64
MOST_SIGNATURES: Final = 100
LONGEST_NAME: Final = 200


NoteProblem: TypeAlias = Literal[
    "note",
    "signature_line",
    "base64",
    "key",
    "key_id",
    "head",
    "version",
    "algorithm",
    "time",
    "counts",
    "line",
    "hash",
    "spelling",
]
PROBLEMS: Final[Mapping[NoteProblem, tuple[str, str]]] = {
    "note": ("不是带签名的文本", "it is not a text, an empty line and signatures"),
    "signature_line": ("签名行格式不对", "a signature line is not a dash, a name and base64"),
    "base64": ("base64 编码不对", "base64 is broken or in another spelling"),
    "key": ("公钥应写作 名称+编号+base64", "a public key is written as name+id+base64"),
    "key_id": ("公钥编号与公钥不符", "the id of the public key does not fit its bytes"),
    "head": ("检查点开头几行不对", "the first lines of the checkpoint are not as they must be"),
    "version": ("检查点的版本未知", "the checkpoint is of a version that is not known here"),
    "algorithm": ("检查点的哈希算法未知", "the checkpoint uses a hash that is not known here"),
    "time": ("检查点的时间不对", "the checkpoint's time is not as it must be"),
    "counts": ("检查点的计数不对", "the checkpoint's counts are not as they must be"),
    "line": ("检查点有未知的行", "the checkpoint has a line that is not known here"),
    "hash": ("哈希应为 32 字节", "a hash has 32 bytes"),
    "spelling": ("检查点写法不唯一或计数不合", "another spelling, or counts that do not add up"),
}


class NoteError(Exception):
    """A note, a checkpoint or a key that is not written as one."""

    def __init__(self, problem: NoteProblem) -> None:
        zh, en = PROBLEMS[problem]
        super().__init__(f"{zh} / {en}")
        self.problem: NoteProblem = problem


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """`<name>+<id in hex>+<base64 of type and key>`, as the signed-note format writes keys."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        material = self.name.encode() + b"\n" + ED25519 + self.public
        return sha256(material).digest()[:ID_BYTES]

    def __str__(self) -> str:
        encoded = b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends with a line's end."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, keys: Sequence[VerifierKey]) -> VerifierKey | None:
        """The first of the keys whose signature holds."""
        for key in keys:
            for one in self.signatures:
                is_named = (one.name, one.key_id) == (key.name, key.id)
                if is_named and key.has_signed(self.text, one.signature):
                    return key
        return None


def sign(text: str, keys: Sequence[SigningKey]) -> str:
    lines: list[str] = []
    for key in keys:
        signature = key.private.sign(text.encode())
        encoded = b64encode(key.verifier.id + signature).decode()
        lines.append(f"{DASH}{key.name} {encoded}\n")
    return text + "\n" + "".join(lines)


def parse_note(written: str) -> Note:
    """Raises NoteError."""
    text, separator, rest = written.rpartition("\n\n")
    lines = rest.split("\n")
    if not separator or not text or lines.pop() != "" or not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteError("note")
    return Note(text + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or not is_name(name):
        raise NoteError("signature_line")
    decoded = from_base64(encoded)
    if len(decoded) != ID_BYTES + SIGNATURE_BYTES:
        raise NoteError("signature_line")
    return Signature(name, decoded[:ID_BYTES], decoded[ID_BYTES:])


def parse_verifier_key(written: str) -> VerifierKey:
    """Raises NoteError."""
    name, _, rest = written.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = from_base64(encoded)
    if not is_name(name) or len(decoded) != 1 + KEY_BYTES or not decoded.startswith(ED25519):
        raise NoteError("key")
    key = VerifierKey(name, decoded[1:])
    if key.id.hex() != key_id:
        raise NoteError("key_id")
    return key


def is_name(name: str) -> bool:
    is_plain = name.isprintable() and not any(letter.isspace() or letter == "+" for letter in name)
    return is_plain and 0 < len(name) <= LONGEST_NAME


def from_base64(encoded: str) -> bytes:
    """Raises NoteError; one spelling only, so that no two texts mean the same bytes."""
    try:
        decoded = b64decode(encoded, validate=True)
    except (Base64Error, ValueError) as error:
        raise NoteError("base64") from error
    if b64encode(decoded).decode() != encoded:
        raise NoteError("base64")
    return decoded
