"""Asking a service of the stack that runs here, with the key of one of its units."""

from dataclasses import dataclass
from typing import Any, Final

from cli.calling import NO_ANSWER, call_now
from cli.deployment import Running
from cli.fleet import read_running
from cli.keys import Keys, open_keys
from cli.outcome import DEPENDENCY_DOWN, FAILURE, CommandError
from cli.reach import Reach, servers_here
from libs.common.contracts.topics import ServiceName
from libs.common.runtime.credentials import Role

REFUSED: Final = 400


@dataclass(frozen=True, slots=True)
class Asker:
    """Calls one service as `unit` in `role`."""

    service: ServiceName
    port: int
    key: str
    unit: str

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Raises CommandError with the service's own words when it refuses or does not answer."""
        status, answer = call_now(self.port, method, path, self.key, body)
        if status == NO_ANSWER:
            raise no_answer(self.service)
        if status >= REFUSED:
            raise CommandError(
                answer.get("message_zh", f"{self.service} 拒绝了请求。"),
                answer.get("message_en", f"{self.service} refused."),
                code=FAILURE,
            )
        return answer


def asker(service: ServiceName, role: Role, unit: str) -> Asker:
    """Raises CommandError where no stack of ours runs."""
    reach = servers_here()
    port = next((one.port for one in running(reach) if one.name == service), None)
    if port is None:
        raise no_answer(service)
    return Asker(service, port, keys_of(reach).caller(role, unit), unit)


def running(reach: Reach) -> tuple[Running, ...]:
    return read_running(reach.root) if reach.root is not None else ()


def keys_of(reach: Reach) -> Keys:
    if reach.root is None:
        raise no_keys()
    return open_keys(reach.root / "keys")


def no_answer(service: ServiceName) -> CommandError:
    return CommandError(
        f"{service} 没有应答；请先在另一个窗口运行 appeals up。",
        f"{service} does not answer: start `appeals up` in another window.",
        code=DEPENDENCY_DOWN,
    )


def no_keys() -> CommandError:
    return CommandError(
        "此命令使用本机 appeals up 的密钥；其他部署请用自己的密钥调用 HTTP 接口。",
        "This command uses the keys of `appeals up` on this machine; elsewhere call the HTTP "
        "routes with a key of your own.",
        code=DEPENDENCY_DOWN,
    )
