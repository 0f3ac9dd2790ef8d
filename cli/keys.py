"""The secrets of a local stack, all drawn from one random key that lies in its state folder."""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from libs.catalogue.load import load_catalogue
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.common.runtime.credentials import Role

PRODUCER: Final = "hotline"
AUDITOR: Final = "audit"
# Dispatchers, callback agents and the arbitration desk sit there (12345 工单中心).
HOTLINE_CENTRE: Final = "rx"
EMERGENCY: Final = ("110", "119", "120", "122")
OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Keys:
    """The same key gives the same secrets, so what is kept across starts is one small file."""

    master: str = field(repr=False)

    def secret(self, purpose: str) -> str:
        digest = hmac.digest(self.master.encode(), purpose.encode(), "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def password(self, service: ServiceName) -> str:
        return self.secret(f"postgres/{service}")

    def passwords(self) -> dict[ServiceName, str]:
        return {service: self.password(service) for service in SERVICES}

    def caller(self, role: Role, unit: str) -> str:
        """The API key of a unit in a role."""
        return self.secret(f"caller/{role}/{unit}")


def open_keys(folder: Path) -> Keys:
    """Made at the first start, kept ever after; readable by the owner of the folder alone."""
    path = folder / "master.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(32))
    return Keys(path.read_text())


def write_credentials(folder: Path, keys: Keys, firms: Iterable[str] = ()) -> Path:
    """What services are told of who may call: hashes. The producer's own key lies beside it."""
    callers: list[tuple[Role, str]] = [
        ("producer", PRODUCER),
        ("auditor", AUDITOR),
        ("seat", HOTLINE_CENTRE),
        *(("department", number) for number in EMERGENCY),
        ("supervisor", SUPERVISION_OFFICE),
        ("inspector", SUPERVISION_OFFICE),
        ("dispatcher", HOTLINE_CENTRE),
        ("callback", HOTLINE_CENTRE),
        ("arbiter", HOTLINE_CENTRE),
    ]
    departments = load_catalogue().departments
    callers.extend(("department", department.id) for department in departments)
    callers.extend(("firm", firm) for firm in firms)
    rows = [
        {
            "unit": unit,
            "roles": [role],
            "key_sha256": sha256(keys.caller(role, unit).encode()).hexdigest(),
        }
        for role, unit in callers
    ]
    write_private(producer_key(folder), keys.caller("producer", PRODUCER))
    write_private(folder / "auditor.key", keys.caller("auditor", AUDITOR))
    write_private(folder / "credentials.json", json.dumps(rows))
    return folder / "credentials.json"


def producer_key(folder: Path) -> Path:
    return folder / "producer.key"


def write_private(path: Path, text: str) -> None:
    """Replaced in one step, and never readable by others, not even for a moment."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        file.write(text)
    new.replace(path)
