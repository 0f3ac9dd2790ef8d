"""The keys that sign checkpoints, in a folder of their own; and those that are trusted."""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from libs.common.errors import NotReadyError
from services.dossier.domain.note import (
    NoteError,
    SigningKey,
    VerifierKey,
    is_name,
    parse_verifier_key,
)

OWNER_ONLY: Final = 0o600
PUBLIC: Final = ".pub"
PRIVATE: Final = ".pem"
PINNED: Final = "trusted.keys"
# After a rotation the key before signs too, so that whoever has not pinned the new one can verify.
SIGN_TOGETHER: Final = 2


class KeyFolderError(NotReadyError):
    """A key folder that is not as it must be; says what to do, in both languages."""


def make_key(folder: Path, name: str) -> VerifierKey:
    """Beside those that are there. Raises KeyFolderError for a name that a note can not have."""
    if not is_name(name):
        problem = (
            "密钥名称不能为空，不能含空格或加号。 / a key's name must not be empty nor hold blanks "
            "or a plus sign."
        )
        raise KeyFolderError(problem)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    key = SigningKey(name, private).verifier
    stem = f"{len(public_keys(folder)) + 1:04d}-{key.id.hex()}"
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    where = os.open(folder / (stem + PRIVATE), os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(where, "wb") as file:
        file.write(pem)
    (folder / (stem + PUBLIC)).write_text(f"{key}\n")
    return key


def public_keys(folder: Path) -> list[VerifierKey]:
    """All that were ever made here, oldest first: old checkpoints need old keys."""
    return [read_public(path) for path in sorted(folder.glob("*" + PUBLIC))]


def signing_keys(folder: Path) -> list[SigningKey]:
    """Newest first. Raises KeyFolderError where there is none, or one that can not be read."""
    paths = sorted(folder.glob("*" + PRIVATE), reverse=True)[:SIGN_TOGETHER]
    if not paths:
        problem = (
            f"{folder} 中没有签名密钥，请运行 appeals keys make。 / there is no signing key in "
            f"{folder}: run `appeals keys make`."
        )
        raise KeyFolderError(problem)
    return [read_private(path) for path in paths]


def read_private(path: Path) -> SigningKey:
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise unreadable(path) from error
    public = read_public(path.with_suffix(PUBLIC))
    if not isinstance(private, Ed25519PrivateKey):
        raise unreadable(path)
    key = SigningKey(public.name, private)
    if key.verifier != public:
        raise unreadable(path)
    return key


def read_public(path: Path) -> VerifierKey:
    """Raises KeyFolderError."""
    try:
        return parse_verifier_key(path.read_text())
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> KeyFolderError:
    return KeyFolderError(
        f"密钥文件 {path} 无法使用，请从备份恢复。 / the key file {path} can not be used: restore "
        "it from its backup."
    )


def pin(folder: Path, key: VerifierKey) -> bool:
    """Trusts a key from now on; False where it was trusted already."""
    if key in pinned(folder):
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / PINNED).open("a") as file:
        file.write(f"{key}\n")
    return True


def pinned(folder: Path) -> list[VerifierKey]:
    """Raises KeyFolderError."""
    path = folder / PINNED
    if not path.exists():
        return []
    try:
        return [parse_verifier_key(line) for line in path.read_text().splitlines() if line]
    except (UnicodeDecodeError, NoteError) as error:
        raise unreadable(path) from error
