"""A real Kafka and a real PostgreSQL for a test session.

The servers that the environment names, else containers where a Docker engine answers, else child
processes. Where none of these can be had the test fails: it never skips.
"""

import asyncio
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from libs.local.account import server_account
from libs.local.docker import docker_answers
from libs.local.kafka import LocalKafka, wait_for_kafka
from libs.local.place import remove_place
from libs.local.ports import LOOPBACK, new_ports
from libs.local.postgres import LocalPostgres, wait_for_postgres
from libs.local.processes import Children
from libs.local.stack import silent

KAFKA = "APPEALS_TEST_KAFKA"
POSTGRES = "APPEALS_TEST_POSTGRES_DSN"
KAFKA_IMAGE = "apache/kafka:4.3.1"
POSTGRES_IMAGE = "postgres:18"
PULL_AND_START_S = 120.0


@contextmanager
def kafka_server() -> Generator[str]:
    """The bootstrap servers."""
    if named := os.environ.get(KAFKA):
        asyncio.run(wait_for_kafka(named, named_by=KAFKA))
        yield named
    elif docker_answers(os.environ):
        with kafka_container() as bootstrap_servers:
            yield bootstrap_servers
    else:
        with kafka_process() as kafka:
            yield kafka.bootstrap_servers


@contextmanager
def postgres_server(*, fsync: bool = False) -> Generator[str]:
    """The superuser's DSN; `fsync` is for tests of what a crash leaves behind."""
    if named := os.environ.get(POSTGRES):
        asyncio.run(wait_for_postgres(named, named_by=POSTGRES))
        yield named
    elif docker_answers(os.environ):
        switch = "on" if fsync else "off"
        image = PostgresContainer(POSTGRES_IMAGE, driver=None)
        command = f"postgres -c fsync={switch} -c max_connections=200"
        with image.with_command(command) as container:
            yield container.get_connection_url()
    else:
        with postgres_process(fsync=fsync) as (_, dsn):
            yield dsn


@contextmanager
def kafka_process() -> Generator[LocalKafka]:
    """Always a child process, for tests that kill it; `start` again brings it back."""
    with tempfile.TemporaryDirectory(prefix="appeals-test-") as folder:
        kafka = LocalKafka(Path(folder), Children(Path(folder) / "processes.json"), os.environ)
        try:
            asyncio.run(kafka.start(Path(folder), silent))
            yield kafka
        finally:
            asyncio.run(kafka.children.stop_all())


@contextmanager
def postgres_process(*, fsync: bool) -> Generator[tuple[LocalPostgres, str]]:
    """Always a child process, for tests that kill it; `start` again brings it back."""
    with tempfile.TemporaryDirectory(prefix="appeals-test-") as folder:
        children = Children(Path(folder) / "processes.json")
        root = Path(folder) / "postgres"
        postgres = LocalPostgres(root, children, os.environ, fsync=fsync)
        try:
            yield postgres, asyncio.run(postgres.start())
        finally:
            asyncio.run(children.stop_all())
            remove_place(root, server_account())


@contextmanager
def kafka_container() -> Generator[str]:
    # A broker advertises its own address, so the port outside must be known before it starts.
    (port,) = new_ports(1)
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port).with_envs(**settings)
    with container:
        bootstrap_servers = f"{LOOPBACK}:{port}"
        asyncio.run(
            wait_for_kafka(bootstrap_servers, named_by=KAFKA_IMAGE, timeout_s=PULL_AND_START_S)
        )
        yield bootstrap_servers
