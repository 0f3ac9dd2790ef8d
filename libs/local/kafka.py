"""One Kafka broker, its own controller (KRaft), as a child process."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from time import monotonic
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from libs.local.errors import ServerFailedError
from libs.local.jars import Progress, kafka_jars
from libs.local.java import Java, find_java
from libs.local.ports import LOOPBACK, kept_ports
from libs.local.processes import Child, Children, Program, failed

READY_WITHIN_S: Final = 60.0
POLL_S: Final = 0.05
PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
offsets.topic.num.partitions=8
transaction.state.log.num.partitions=8
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
# After a crash the broker may register again only when its old session is over (default 9 s).
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=6000
# The default of 128 MiB is taken at start and does not fit a small heap.
log.cleaner.dedupe.buffer.size=16777216
"""


class LocalKafka:
    """Its data stand below `root`; the ports of the first start are kept while they are free."""

    def __init__(
        self, root: Path, children: Children, environment: Mapping[str, str], *, heap_mb: int = 512
    ) -> None:
        self.root = root.absolute()
        self.children = children
        self.environment = environment
        self.heap_mb = heap_mb
        self.child: Child | None = None
        self.bootstrap_servers = ""

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child and self.child.is_running() else None

    async def start(self, jars_fallback: Path, progress: Progress) -> str:
        """Answers the bootstrap servers once the broker answers. Raises LocalServerError."""
        java = await asyncio.to_thread(find_java, self.environment)
        jars = await kafka_jars(self.environment, jars_fallback, progress)
        for folder in ("data", "logs", "tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.write_properties()
        if not (self.root / "data" / "meta.properties").exists():
            await self.children.run(self.format_program(java, jars), timeout_s=READY_WITHIN_S)
        self.child = self.children.start(self.broker_program(java, jars))
        await self.wait_until_ready(self.child)
        return self.bootstrap_servers

    async def stop(self) -> None:
        if self.child:
            await self.children.stop(self.child)

    async def kill(self) -> None:
        """Like a crash: SIGKILL. `start` brings it back on its data and, if free, its ports."""
        if self.child:
            await self.children.kill(self.child)

    def write_properties(self) -> None:
        broker, controller = kept_ports(self.root / "ports.json", 2)
        text = PROPERTIES.format(broker=broker, controller=controller, data=self.root / "data")
        (self.root / "server.properties").write_text(text)
        self.bootstrap_servers = f"{LOOPBACK}:{broker}"

    def format_program(self, java: Java, jars: tuple[Path, ...]) -> Program:
        # 16 random bytes in base64url are what Kafka calls a uuid; it refuses a leading dash.
        cluster_id = secrets.token_urlsafe(16).replace("-", "x", 1)
        options = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
        storage_tool = ("kafka.tools.StorageTool", "format", "--ignore-formatted", "--standalone")
        arguments = ("-t", cluster_id, "-c", "server.properties")
        return self.program("Kafka format", java, jars, (*options, *storage_tool, *arguments))

    def broker_program(self, java: Java, jars: tuple[Path, ...]) -> Program:
        heap = (
            "-Xms256m",
            f"-Xmx{self.heap_mb}m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
        )
        arguments = (*heap, "-Djava.awt.headless=true", "kafka.Kafka", "server.properties")
        return self.program("Kafka", java, jars, arguments)

    def program(
        self, what: str, java: Java, jars: tuple[Path, ...], arguments: tuple[str, ...]
    ) -> Program:
        with as_file(files("libs.local") / "log4j2.xml") as settings:
            (self.root / "log4j2.xml").write_bytes(settings.read_bytes())
        temporary = self.root / "tmp"
        places = (
            f"-Dlog4j2.configurationFile={(self.root / 'log4j2.xml').as_uri()}",
            f"-Dkafka.logs.dir={self.root / 'logs'}",
            # The native libraries are unpacked and run there, and /tmp may be mounted noexec.
            f"-Djava.io.tmpdir={temporary}",
            f"-Dorg.xerial.snappy.tempdir={temporary}",
            f"-DZstdTempFolder={temporary}",
        )
        class_path = os.pathsep.join(str(jar) for jar in jars)
        return Program(
            what=what,
            command=(str(java.program), *java.options, *places, "-cp", class_path, *arguments),
            directory=self.root,
            log=self.root / "logs" / "console.log",
            environment=self.environment,
        )

    async def wait_until_ready(self, child: Child) -> None:
        deadline = monotonic() + READY_WITHIN_S
        while monotonic() < deadline:
            if not child.is_running():
                raise failed(child.program)
            if await kafka_answers(self.bootstrap_servers):
                return
            await asyncio.sleep(POLL_S)
        raise failed(child.program)


async def kafka_answers(bootstrap_servers: str) -> bool:
    """Whether a broker of the cluster is registered, not merely whether a port is open."""
    if not any([await port_is_open(server) for server in bootstrap_servers.split(",")]):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=5000)
    try:
        await admin.start()
        cluster: dict[str, Any] = await admin.describe_cluster()
        return bool(cluster["brokers"])
    except KafkaError:
        return False
    finally:
        await admin.close()


async def port_is_open(server: str) -> bool:
    host, _, port = server.strip().rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 3.0)
    except (OSError, ValueError, TimeoutError):
        return False
    writer.close()
    return True


async def wait_for_kafka(bootstrap_servers: str, *, named_by: str, timeout_s: float = 15.0) -> None:
    """Raises ServerFailedError, naming the variable, when a server of others does not answer."""
    deadline = monotonic() + timeout_s
    while not await kafka_answers(bootstrap_servers):
        if monotonic() > deadline:
            raise no_answer(named_by)
        await asyncio.sleep(POLL_S)


def no_answer(named_by: str) -> ServerFailedError:
    return ServerFailedError(
        f"{named_by} 指定的 Kafka 没有应答。",
        f"The Kafka that {named_by} names does not answer.",
        do_zh="请检查地址与网络，或取消该变量以使用本地 Kafka。",
        do_en="Check the address and the network, or unset it to use a local Kafka.",
    )
