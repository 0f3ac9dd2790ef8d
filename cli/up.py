"""`appeals up` and `down`: the stack on kept data, for as long as its window is open."""

import asyncio
import os
import signal
from time import monotonic
from typing import Final

from cli.deployment import environment_here, model_folder, needs_training, prepare
from cli.fleet import Fleet, keep_running, start_fleet
from cli.keys import producer_key
from cli.narrator import Narrator
from cli.outcome import CommandError
from cli.reach import CommandSettings
from cli.running import StoppedError, run_to_end
from libs.local.lock import holder
from libs.local.registry import end_leftovers
from libs.local.stack import folder_of, local_stack

STOP_WITHIN_S: Final = 90.0
POLL_S: Final = 0.1
NEXT: Final = (
    ("appeals status", "各服务状态", "how each service is"),
    ("appeals watch", "实时事件", "events as they come"),
    ("appeals ingest FILE --dry-run", "导入工单表格", "import a sheet of work orders"),
    ("appeals verify", "核验全部档案链", "recompute every chain"),
)


def up() -> None:
    """启动并保持全部服务，Ctrl-C 停止。Run everything on kept data until Ctrl-C."""
    narrator = Narrator()
    try:
        run_to_end(hold(CommandSettings(), narrator))
    except (KeyboardInterrupt, StoppedError):
        narrator.say("已全部停止，数据已保留", "all stopped; the data are kept")


async def hold(settings: CommandSettings, narrator: Narrator) -> None:
    """Until it is cancelled."""
    environment = environment_here()
    async with local_stack(
        settings.state_dir, keep=True, environment=environment, progress=narrator.jar
    ) as servers:
        narrator.say("Kafka 与 PostgreSQL 就绪", "Kafka and PostgreSQL are ready")
        model = model_folder(settings.state_dir, environment)
        if needs_training(model, environment):
            narrator.say("训练分类模型（一两分钟，仅此一次）", "training the model: minutes, once")
        deployment = await prepare(servers, settings.kafka, model, environment)
        fleet = await start_fleet(deployment)
        tell(fleet, narrator)
        await keep_running(fleet, narrator.say)


def tell(fleet: Fleet, narrator: Narrator) -> None:
    """URLs, the key's place and what to do next; on stderr, so that nothing is taken for data."""
    narrator.say("五个服务就绪", "five services are ready")
    write = narrator.console.print
    for service, port in fleet.ports.items():
        write(f"  {service:<11} http://127.0.0.1:{port}", soft_wrap=True)
    root = fleet.deployment.root
    write(f"  Kafka       {fleet.deployment.reach.kafka.bootstrap_servers}", soft_wrap=True)
    write(f"  日志 logs    {root / 'logs'}", soft_wrap=True)
    write(f"  密钥 API key {producer_key(root / 'keys')}", soft_wrap=True)
    write("另开一个窗口 / in another window:")
    for command, zh, en in NEXT:
        write(f"  {command:<31} {zh}  [dim]{en}[/]", soft_wrap=True)
    write("Ctrl-C 停止 / stops everything")


def down() -> None:
    """停止 appeals up 启动的全部进程。Stop what `appeals up` runs in another window."""
    asyncio.run(stop(CommandSettings(), Narrator()))


async def stop(settings: CommandSettings, narrator: Narrator) -> None:
    """Also ends what a killed parent left behind."""
    root = folder_of(settings.state_dir, keep=True)
    pid = holder(root / "lock")
    if pid is None:
        ended = await end_leftovers(root / "processes.json") if root.exists() else ()
        names = ", ".join(ended) or "–"
        narrator.say(
            f"没有运行中的服务；清理残留：{names}", f"nothing ran; ended leftovers: {names}"
        )
        return
    os.kill(pid, signal.SIGTERM)
    deadline = monotonic() + STOP_WITHIN_S
    while holder(root / "lock") is not None:
        if monotonic() > deadline:
            raise still_there(pid)
        await asyncio.sleep(POLL_S)
    narrator.say("已停止", "stopped")


def still_there(pid: int) -> CommandError:
    return CommandError(
        f"进程 {pid} 未能停止，请查看它的窗口。",
        f"Process {pid} does not stop; look at its window.",
    )
