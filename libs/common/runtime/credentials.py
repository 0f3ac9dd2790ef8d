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
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse

from libs.common.clock import Clock, system_clock
from libs.common.runtime import signatures
from libs.common.runtime.signatures import SignatureError

Role: TypeAlias = Literal[
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
]
BEARER: Final = "Bearer "
RETRY_SECONDS: Final = "5"


class Credential(BaseModel):
    """One caller. `unit` is the producer's id, the department's code or the enterprise's id.

    It has a bearer key, known by its hash alone, or a secret that signs (rules.md 24), or both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str = Field(min_length=1, max_length=100)
    roles: frozenset[Role]
    key_sha256: str = Field(default="", pattern=r"^(?:[0-9a-f]{64})?$")
    signing_secret: str | None = Field(
        default=None, repr=False, pattern=r"^whsec_[A-Za-z0-9+/]{32,172}={0,2}$"
    )
    per_minute: int = Field(default=60_000, ge=1, le=10_000_000)

    @model_validator(mode="after")
    def can_show_who_it_is(self) -> "Credential":
        if not self.key_sha256 and self.signing_secret is None:
            message = "a caller needs key_sha256 or signing_secret"
            raise ValueError(message)
        return self


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
    by_signer: Mapping[str, Credential] = field(default_factory=dict[str, Credential])
    clock: Clock = system_clock

    async def admit(self, request: Request, role: Role, body: bytes | None = None) -> Credential:
        """Raises DeniedError with 401, 403 or 429.

        A signed request with a body is let in only where the route hands the body over; without
        one the path and query are what is signed.
        """
        if signatures.SIGNATURE in request.headers:
            credential = self.signer(request, body)
        else:
            credential = self.bearer(request.headers.get("authorization", ""))
        if role not in credential.roles:
            raise denied(403, "forbidden", f"该密钥没有 {role} 权限。", f"this key is no {role}.")
        rate = RateLimitItemPerMinute(credential.per_minute)
        if not await self.limiter.hit(rate, credential.unit):
            raise denied(429, "too_many", "请求过于频繁，请稍后再试。", "too many; try later.")
        return credential

    def bearer(self, header: str) -> Credential:
        digest = sha256(header.removeprefix(BEARER).encode()).hexdigest()
        credential = self.by_hash.get(digest)
        if not header.startswith(BEARER) or credential is None:
            raise denied(401, "unauthorized", "缺少或无法识别的密钥。", "missing or unknown key.")
        if not hmac.compare_digest(credential.key_sha256, digest):
            raise denied(401, "unauthorized", "缺少或无法识别的密钥。", "missing or unknown key.")
        return credential

    def signer(self, request: Request, body: bytes | None) -> Credential:
        payload = target_of(request) if request.method == "GET" else body
        if payload is None:
            zh, en = (
                "此接口不接受签名请求，请使用密钥。",
                "signatures are not taken here; use a key.",
            )
            raise denied(401, "unauthorized", zh, en)
        try:
            return self.verify(request.headers, payload)
        except SignatureError as error:
            raise unsigned(error) from error

    def verify(
        self, headers: Mapping[str, str], payload: bytes, *, is_fresh: bool = True
    ) -> Credential:
        """Who signed. Raises SignatureError; an unknown unit reads like a wrong signature.

        `is_fresh` asks for a signature of the last five minutes: a record may wait for longer.
        """
        signed = signatures.read_signed(headers)
        if is_fresh:
            signatures.check_time(signed, self.clock())
        credential = self.by_signer.get(headers.get(signatures.UNIT, ""))
        secret = None if credential is None else credential.signing_secret
        if credential is None or secret is None:
            raise SignatureError("signature")
        signatures.check(signed, secret, payload)
        return credential


def target_of(request: Request) -> bytes:
    query = request.url.query
    return (f"{request.url.path}?{query}" if query else request.url.path).encode()


def load_gate(path: Path | None) -> Gate:
    """Without a file nobody is let in. Raises ValidationError for a file that is not valid."""
    if path is None:
        return Gate({})
    credentials = CREDENTIALS.validate_json(path.read_bytes())
    return Gate(
        {one.key_sha256: one for one in credentials if one.key_sha256},
        by_signer={one.unit: one for one in credentials if one.signing_secret},
    )


def unsigned(error: SignatureError) -> DeniedError:
    if error.code == "signature_time":
        zh = "签名时间与服务器相差超过 5 分钟，请校准时钟后重新签名。"
        en = "the signature is more than 5 minutes off; set your clock and sign anew."
    elif error.code == "signature_headers":
        zh = "签名头不完整：需要 webhook-id、webhook-timestamp、webhook-signature。"
        en = "send webhook-id, webhook-timestamp and webhook-signature."
    else:
        zh, en = "签名不符，请核对密钥和签名内容。", "the signature does not fit; check the secret."
    return denied(401, error.code, zh, en)


def denied(status: int, code: str, message_zh: str, message_en: str) -> DeniedError:
    body = {"code": code, "message_zh": message_zh, "message_en": message_en}
    headers = {"Retry-After": RETRY_SECONDS} if code == "too_many" else None
    return DeniedError(JSONResponse(body, status_code=status, headers=headers))
