"""How the command ends: one exit code for each kind of end, and words instead of a traceback."""

from typing import Final, TypeAlias

import asyncpg
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from libs.common.errors import NotReadyError
from libs.local.errors import (
    AlreadyRunningError,
    FolderClosedError,
    LocalServerError,
)

OK: Final = 0
FAILURE: Final = 1
USAGE: Final = 2
NOT_VERIFIED: Final = 3
DEPENDENCY_DOWN: Final = 4
INTERRUPTED: Final = 130

Ending: TypeAlias = tuple[int, str]
OURS_TO_MEND: Final = (AlreadyRunningError, FolderClosedError)
NOT_MIGRATED: Final = (
    "数据库或主题尚未建好，请先运行 appeals migrate 和 appeals topics --create。\n"
    "Schemas or topics are missing: run `appeals migrate`, then `appeals topics --create`."
)
NOT_LET_IN: Final = (
    "PostgreSQL 拒绝了用户名或密码，请检查 APPEALS_POSTGRES__DSN。\n"
    "PostgreSQL refuses the user or the password: check APPEALS_POSTGRES__DSN."
)
FEW_RIGHTS: Final = (
    "该数据库用户权限不足；迁移需要能建角色的用户。\n"
    "This database user may not do that; a migration needs one that can make roles."
)
NO_POSTGRES: Final = (
    "PostgreSQL 没有应答，请检查它是否在运行，以及 APPEALS_POSTGRES__DSN。\n"
    "PostgreSQL does not answer: check whether it runs, and APPEALS_POSTGRES__DSN."
)
NO_KAFKA: Final = (
    "Kafka 没有应答，请检查它是否在运行，以及 APPEALS_KAFKA__BOOTSTRAP_SERVERS。\n"
    "Kafka does not answer: check whether it runs, and APPEALS_KAFKA__BOOTSTRAP_SERVERS."
)


class CommandError(Exception):
    """What is wrong and what to do, in Chinese and English; shown as it is, with its exit code."""

    def __init__(self, zh: str, en: str, *, code: int = FAILURE) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code = code


def ending_of(error: BaseException) -> Ending | None:
    """None for what nobody foresaw: that is a bug, and its traceback is wanted."""
    match error:
        case CommandError():
            return error.code, str(error)
        case LocalServerError():
            return FAILURE if isinstance(error, OURS_TO_MEND) else DEPENDENCY_DOWN, str(error)
        case ValidationError():
            return USAGE, settings_text(error)
        case asyncpg.PostgresError() | OSError() | KafkaError() | NotReadyError():
            return of_server(error)
        case _:
            return by_name(error)


def by_name(error: BaseException) -> Ending | None:
    """Errors of modules that would take a second to import only to be compared with."""
    match type(error).__name__:
        case "MigrationError":
            return FAILURE, f"数据库迁移失败：\nThe migration failed:\n{error}"
        case (
            "ModelFileError"
            | "FileRefusedError"
            | "CatalogueDataError"
            | "CorpusError"
            | "UnknownCodeError"
        ):
            return FAILURE, str(error)
        case "UnknownPolicyError":
            return USAGE, str(error)
        case _:
            return None


def of_server(error: BaseException) -> Ending | None:
    match error:
        case (
            NotReadyError()
            | asyncpg.UndefinedTableError()
            | asyncpg.InvalidSchemaNameError()
            | asyncpg.InvalidCatalogNameError()
        ):
            return DEPENDENCY_DOWN, NOT_MIGRATED
        case asyncpg.InvalidAuthorizationSpecificationError():
            return DEPENDENCY_DOWN, NOT_LET_IN
        case asyncpg.InsufficientPrivilegeError():
            return FAILURE, FEW_RIGHTS
        case (
            asyncpg.PostgresConnectionError()
            | asyncpg.CannotConnectNowError()
            | asyncpg.AdminShutdownError()
            | ConnectionError()
            | TimeoutError()
        ):
            return DEPENDENCY_DOWN, NO_POSTGRES
        case KafkaError():
            return DEPENDENCY_DOWN, NO_KAFKA
        case _:
            return of_file(error)


def of_file(error: BaseException) -> Ending | None:
    if not isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return None
    zh = f"无法读取或写入 {error.filename}，请检查路径和权限。"
    return USAGE, f"{zh}\n{error.filename} can not be read or written: check path and rights."


def settings_text(error: ValidationError) -> str:
    """Names of the settings and rules alone: a value may be a secret."""
    names = ", ".join(
        "APPEALS_" + "__".join(map(str, one["loc"])).upper() + f" ({one['type']})"
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    )
    return f"配置有误或缺少，请改正：{names}\nSettings are wrong or missing, mend them: {names}"
