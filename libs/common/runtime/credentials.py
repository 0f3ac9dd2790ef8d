"""Who may call an HTTP API: keys are known by their hash alone, and bind a unit and its roles."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeAlias

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse

Role: TypeAlias = Literal[
    "producer", "department", "dispatcher", "supervisor", "firm", "callback", "auditor"
]
BEARER: Final = "Bearer "
RETRY_SECONDS: Final = "5"


class Credential(BaseModel):
    """One caller. `unit` is the producer's id, the department's code or the enterprise's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str = Field(min_length=1, max_length=100)
    roles: frozenset[Role]
    key_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    per_minute: int = Field(default=60_000, ge=1, le=10_000_000)


CREDENTIALS: Final = TypeAdapter(list[Credential])


class DeniedError(Exception):
    """The caller is not let in; `response` says why, in both languages."""

    def __init__(self, response: JSONResponse) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Gate:
    """Rate limits are kept per process: with n copies a caller may have n times its rate."""

    by_hash: Mapping[str, Credential]
    limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    async def admit(self, request: Request, role: Role) -> Credential:
        """Raises DeniedError with 401, 403 or 429."""
        header = request.headers.get("authorization", "")
        digest = sha256(header.removeprefix(BEARER).encode()).hexdigest()
        credential = self.by_hash.get(digest)
        if not header.startswith(BEARER) or credential is None:
            raise denied(401, "unauthorized", "缺少或无法识别的密钥。", "missing or unknown key.")
        if not hmac.compare_digest(credential.key_sha256, digest):
            raise denied(401, "unauthorized", "缺少或无法识别的密钥。", "missing or unknown key.")
        if role not in credential.roles:
            raise denied(403, "forbidden", f"该密钥没有 {role} 权限。", f"this key is no {role}.")
        rate = RateLimitItemPerMinute(credential.per_minute)
        if not await self.limiter.hit(rate, credential.unit):
            raise denied(429, "too_many", "请求过于频繁，请稍后再试。", "too many; try later.")
        return credential


def load_gate(path: Path | None) -> Gate:
    """Without a file nobody is let in. Raises ValidationError for a file that is not valid."""
    if path is None:
        return Gate({})
    credentials = CREDENTIALS.validate_json(path.read_bytes())
    return Gate({credential.key_sha256: credential for credential in credentials})


def denied(status: int, code: str, message_zh: str, message_en: str) -> DeniedError:
    body = {"code": code, "message_zh": message_zh, "message_en": message_en}
    headers = {"Retry-After": RETRY_SECONDS} if code == "too_many" else None
    return DeniedError(JSONResponse(body, status_code=status, headers=headers))
