import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError
from pydantic import BaseModel, ValidationError

from cli.migrate import MigrationError
from cli.outcome import (
    DEPENDENCY_DOWN,
    FAILURE,
    USAGE,
    CommandError,
    ending_of,
)
from libs.local.errors import AlreadyRunningError, JavaMissingError
from services.classifier.adapters.model_file import ModelFileError
from services.intake.adapters.importer.refusal import FileRefusedError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError("甲", "a", code=USAGE), USAGE),
        (JavaMissingError("甲", "a", do_zh="乙", do_en="b"), DEPENDENCY_DOWN),
        (AlreadyRunningError("甲", "a", do_zh="乙", do_en="b"), FAILURE),
        (KafkaConnectionError(), DEPENDENCY_DOWN),
        (ConnectionRefusedError(), DEPENDENCY_DOWN),
        (TimeoutError(), DEPENDENCY_DOWN),
        (asyncpg.CannotConnectNowError("starting"), DEPENDENCY_DOWN),
        (asyncpg.InvalidPasswordError("no"), DEPENDENCY_DOWN),
        (asyncpg.UndefinedTableError("events"), DEPENDENCY_DOWN),
        (asyncpg.InsufficientPrivilegeError("no"), FAILURE),
        (MigrationError("intake", b"dbmate's words"), FAILURE),
        (ModelFileError("甲", "a"), FAILURE),
        (FileRefusedError("empty_file"), FAILURE),
        (FileNotFoundError(2, "no such file", "sheet.csv"), USAGE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_foreseen_ends_with_its_code_and_words_in_two_languages(
    error: Exception, code: int
) -> None:
    ending = ending_of(error)
    assert ending is not None
    assert ending[0] == code
    assert any("一" <= sign <= "鿿" for sign in ending[1])


@pytest.mark.parametrize("error", [KeyError("x"), asyncpg.PostgresSyntaxError("SELEC")])
def test_a_bug_keeps_its_traceback(error: Exception) -> None:
    assert ending_of(error) is None


class Settings(BaseModel):
    port: int


def test_a_bad_setting_is_named_and_its_value_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({"port": "a secret"})
    ending = ending_of(raised.value)
    assert ending is not None
    assert ending[0] == USAGE
    assert "APPEALS_PORT" in ending[1]
    assert "a secret" not in ending[1]
