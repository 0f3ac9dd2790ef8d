from pathlib import Path

import pytest

from cli.config import effective, without_password
from cli.reach import CommandSettings

SECRET = "hunter-22"  # noqa: S105 - invented


def test_no_secret_of_the_environment_is_shown() -> None:
    environment = {
        "APPEALS_POSTGRES__DSN": f"postgresql://someone:{SECRET}@db.example.com:5432/appeals",
        "APPEALS_FINGERPRINT_KEY": SECRET,
        "APPEALS_PASSWORD_INTAKE": SECRET,
        "APPEALS_CREDENTIALS_FILE": "callers.json",
        "OTHER_KEY": SECRET,
    }
    rows = effective(CommandSettings(), environment)
    assert SECRET not in str(rows)
    assert "OTHER_KEY" not in rows
    assert rows["APPEALS_CREDENTIALS_FILE"]["value"] == "callers.json"
    dsn = rows["APPEALS_POSTGRES__DSN"]["value"]
    assert dsn == "postgresql://someone:******@db.example.com:5432/appeals"


@pytest.mark.parametrize(
    "dsn",
    [
        f"postgresql://someone@host/appeals?password={SECRET}",
        f"host=db user=someone password={SECRET}",
        f"postgresql://someone:{SECRET}@[broken/appeals",
    ],
)
def test_a_password_is_hidden_wherever_it_stands(dsn: str) -> None:
    assert SECRET not in without_password(dsn)


def test_what_nobody_has_set_is_said_to_be_a_default() -> None:
    rows = effective(CommandSettings(state_dir=Path("here")), {})
    assert {row["from"] for row in rows.values()} == {"default"}
