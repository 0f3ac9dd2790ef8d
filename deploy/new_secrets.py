# ruff: noqa: INP001 - a script beside compose.yaml, of no package
"""Makes the passwords and keys that deploy/compose.yaml needs; nothing secret is in the repository.

python3 deploy/new_secrets.py                        all that is needed, once
python3 deploy/new_secrets.py department zrj         one more caller: its role and its unit
"""

import json
import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
SERVICES = ("INTAKE", "CLASSIFIER", "ROUTER", "SLA", "DOSSIER")
ROLES = (
    "producer",
    "seat",
    "officer",
    "department",
    "dispatcher",
    "supervisor",
    "arbiter",
    "inspector",
    "firm",
    "callback",
    "auditor",
)
FIRST_CALLERS = (("producer", "hotline"), ("auditor", "audit"))
OWNER_ONLY = 0o600
# Hashes of keys alone; the services read it as another user than the one who made it.
READABLE = 0o644
ROLE_AND_UNIT = 2


def new_set(folder: Path) -> None:
    """Raises FileExistsError: passwords that are in use are never drawn anew."""
    admin = secrets.token_hex(24)
    lines = [f"APPEALS_ADMIN_PASSWORD={admin}", f"APPEALS_FINGERPRINT_KEY={secrets.token_hex(32)}"]
    lines += [f"APPEALS_PASSWORD_{service}={secrets.token_hex(24)}" for service in SERVICES]
    (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    write_new(folder / ".env", "\n".join(lines) + "\n")
    write_new(folder / "secrets" / "postgres", admin)
    for role, unit in FIRST_CALLERS:
        add_caller(folder, role, unit)


def add_caller(folder: Path, role: str, unit: str) -> Path:
    """The key lies in a file of its own; services are told its hash. Answers with the file."""
    key = secrets.token_urlsafe(32)
    path = folder / "secrets" / f"{role}-{unit}.key"
    write_new(path, key)
    known = folder / "secrets" / "credentials.json"
    rows: list[dict[str, object]] = json.loads(known.read_text()) if known.exists() else []
    rows.append({"unit": unit, "roles": [role], "key_sha256": sha256(key.encode()).hexdigest()})
    known.write_text(json.dumps(rows, indent=2) + "\n")
    known.chmod(READABLE)
    return path


def is_caller(role: str, unit: str) -> bool:
    return role in ROLES and unit.isascii() and unit.replace("-", "").isalnum()


def write_new(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        file.write(text)


def main(arguments: list[str]) -> int:
    """0 made, 1 there already, 2 wrong use."""
    try:
        if not arguments:
            new_set(HERE)
            sys.stdout.write("已生成 made: deploy/.env, deploy/secrets/\n")
        elif len(arguments) == ROLE_AND_UNIT and is_caller(*arguments):
            made = add_caller(HERE, *arguments)
            sys.stdout.write(f"密钥 key: deploy/secrets/{made.name}\n")
            sys.stdout.write("重启服务后生效 / restart the services that shall know it\n")
        else:
            sys.stderr.write(f"{__doc__}\n角色 roles: {', '.join(ROLES)}\n")
            return 2
    except FileExistsError as error:
        name = Path(str(error.filename)).name
        sys.stderr.write(f"{name} 已存在，未改动。 / {name} exists; nothing was changed.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
