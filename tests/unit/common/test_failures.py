import asyncpg
import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from libs.common.errors import NotReadyError, PoisonError, StreamConflictError
from libs.common.failures import Verdict, describe, judge


@pytest.mark.parametrize(
    "error", [StreamConflictError(), asyncpg.SerializationError(), asyncpg.DeadlockDetectedError()]
)
def test_who_lost_a_race_decides_again(error: Exception) -> None:
    assert judge(error) is Verdict.DECIDE_AGAIN


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DiskFullError(),
        asyncpg.UndefinedTableError(),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionRefusedError(),
        TimeoutError(),
        NotReadyError(),
    ],
)
def test_an_outage_is_waited_out_and_parks_nothing(error: Exception) -> None:
    assert judge(error) is Verdict.RETRY


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CharacterNotInRepertoireError(),
        asyncpg.UniqueViolationError(),
        PoisonError("code", "words"),
        ValueError(),
        KeyError(),
    ],
)
def test_bad_data_and_bugs_name_a_record(error: Exception) -> None:
    assert judge(error) is Verdict.NAME_RECORD


class Contact(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    phone: int


def test_what_is_told_of_a_bad_record_repeats_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Contact.model_validate({"phone": "13800001234x"})
    reason, detail = describe(caught.value)
    assert reason == "undecodable"
    assert "phone" in detail
    assert "138" not in detail
