"""What `demo` and `up` share: schemas, topics, a model, and the five services as processes."""

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import asyncpg
from pydantic import BaseModel

import cli
import services.classifier
from cli.keys import Keys, open_keys, write_credentials
from cli.migrate import migrate
from cli.reach import DATABASE, Reach, database_dsn
from cli.topics import create_topics
from libs.catalogue.load import catalogue_folder
from libs.common.contracts.topics import ServiceName
from libs.common.settings import KafkaSettings
from libs.local.processes import Child, Program
from libs.local.stack import Servers
from services.dossier.adapters.signing_keys import make_key, pin, public_keys

PROJECT: Final = Path(cli.__file__).parent.parent
CLASSIFIER: Final = Path(services.classifier.__file__).parent
# Of the caller's own environment a service gets these, and every setting of ours but the servers.
PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "TZ")
HIDDEN: Final = ("APPEALS_POSTGRES__DSN", "APPEALS_KAFKA__BOOTSTRAP_SERVERS", "APPEALS_HTTP__PORT")
MODEL: Final = "APPEALS_MODEL_DIR"
LOCAL_ORIGIN: Final = "appeals.localhost/dossier"
CHECKPOINT_SECONDS: Final = "10"
TRAINING_WITHIN_S: Final = 900.0


class Running(BaseModel):
    """One service, as other commands find it."""

    name: ServiceName
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stack with everything that the services need to start."""

    servers: Servers
    root: Path
    reach: Reach
    keys: Keys
    credentials: Path
    model: Path
    environment: Mapping[str, str]

    @property
    def signing(self) -> Path:
        return signing_folder(self.root)

    @property
    def checkpoints(self) -> Path:
        return checkpoint_folder(self.root)

    def program(self, service: ServiceName, port: int) -> Program:
        return Program(
            what=service,
            command=(sys.executable, "-m", "cli.main", "run", service),
            directory=PROJECT,
            log=self.log(service),
            environment=service_environment(self, service, port),
        )

    def log(self, service: ServiceName) -> Path:
        return self.root / "logs" / f"{service}.log"

    def start(self, service: ServiceName, port: int) -> Child:
        return self.servers.children.start(self.program(service, port))


async def prepare(
    servers: Servers,
    kafka: KafkaSettings,
    model: Path,
    environment: Mapping[str, str],
    firms: Iterable[str] = (),
) -> Deployment:
    """Raises MigrationError and LocalServerError. `firms` get keys to rate with."""
    root = servers.children.registry.parent
    keys = open_keys(root / "keys")
    credentials = write_credentials(root / "keys", keys, firms)
    open_signing_keys(signing_folder(root))
    dsn = await own_database(servers)
    reach = Reach(kafka.model_copy(update={"bootstrap_servers": servers.bootstrap_servers}), dsn)
    training = asyncio.create_task(train_if_needed(servers, model, environment))
    try:
        await migrate(dsn, keys.passwords(), partitions=kafka.partitions)
        await create_topics(dsn, reach.kafka)
        await training
    finally:
        training.cancel()
        with suppress(asyncio.CancelledError):
            await training
    return Deployment(servers, root, reach, keys, credentials, model, environment)


async def own_database(servers: Servers) -> str:
    """On a server of ours a database of its own; elsewhere the one that was named."""
    if servers.postgres is None:
        return servers.postgres_dsn
    admin = await asyncpg.connect(servers.postgres_dsn)
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await admin.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await admin.close()
    return database_dsn(servers.postgres_dsn)


def model_folder(state_dir: Path, environment: Mapping[str, str]) -> Path:
    """The state folder's own, trained here, unless a ready one is named."""
    named = environment.get(MODEL)
    return Path(named).absolute() if named else state_dir.absolute() / "model"


def needs_training(model: Path, environment: Mapping[str, str]) -> bool:
    """A model that was named is used as it is."""
    return not environment.get(MODEL) and not model_is_fresh(model)


def model_is_fresh(model: Path) -> bool:
    """By the bytes of what it is made from, so that nobody need load a library to know."""
    try:
        return (model / "made-from").read_text() == inputs_digest()
    except FileNotFoundError:
        return False


def inputs_digest() -> str:
    digest = sha256()
    data = [path for path in CLASSIFIER.glob("data/**/*") if path.is_file()]
    catalogue = Path(str(catalogue_folder())).glob("*.json")
    for path in sorted([*data, *catalogue, *CLASSIFIER.glob("**/*.py")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


async def train_if_needed(servers: Servers, model: Path, environment: Mapping[str, str]) -> None:
    """Takes about a minute where the texts are new. Raises ServerFailedError."""
    if not needs_training(model, environment):
        return
    digest = inputs_digest()
    program = Program(
        what="classifier train",
        command=(sys.executable, "-m", "cli.main", "classifier", "train", "--out", str(model)),
        directory=PROJECT,
        log=servers.children.registry.with_name("logs") / "train.log",
        environment=plain_environment(environment),
    )
    await servers.children.run(program, timeout_s=TRAINING_WITHIN_S)
    (model / "made-from").write_text(digest)


def plain_environment(environment: Mapping[str, str]) -> dict[str, str]:
    ours = {name for name in environment if name.startswith("APPEALS_")}
    wanted = ours.union(PASSED_ON).difference(HIDDEN)
    return {name: value for name, value in environment.items() if name in wanted}


def signing_folder(root: Path) -> Path:
    return root / "keys" / "signing"


def checkpoint_folder(root: Path) -> Path:
    """Where a witness may fetch them: a database alone can not take them back."""
    return root / "checkpoints"


def open_signing_keys(folder: Path) -> None:
    """Made at the first start; a stack on this machine trusts its own key."""
    if not public_keys(folder):
        pin(folder, make_key(folder, LOCAL_ORIGIN))


def dossier_environment(deployment: Deployment) -> dict[str, str]:
    return {
        "APPEALS_SIGNING_KEYS": str(deployment.signing),
        "APPEALS_CHECKPOINT_DIR": str(deployment.checkpoints),
        "APPEALS_CHECKPOINT_SECONDS": CHECKPOINT_SECONDS,
    }


def service_environment(deployment: Deployment, service: ServiceName, port: int) -> dict[str, str]:
    """The service's own login and no other: not even its neighbours' passwords are in reach."""
    more = dossier_environment(deployment) if service == "dossier" else {}
    return (
        plain_environment(deployment.environment)
        | more
        | {
            "APPEALS_KAFKA__BOOTSTRAP_SERVERS": deployment.reach.kafka.bootstrap_servers,
            "APPEALS_KAFKA__PARTITIONS": str(deployment.reach.kafka.partitions),
            "APPEALS_KAFKA__TOPIC_PREFIX": deployment.reach.kafka.topic_prefix,
            "APPEALS_POSTGRES__DSN": login(deployment.reach.dsn, deployment.keys, service),
            "APPEALS_HTTP__PORT": str(port),
            "APPEALS_FINGERPRINT_KEY": deployment.keys.secret("fingerprints"),
            "APPEALS_CREDENTIALS_FILE": str(deployment.credentials),
            "APPEALS_MODEL_DIR": str(deployment.model),
            # The classifier's threads would only take turns with the other services.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
    )


def login(dsn: str, keys: Keys, service: ServiceName) -> str:
    """The same database as `dsn` names, entered by the service's own role."""
    parts = urlsplit(dsn)
    where = parts.netloc.rpartition("@")[2]
    user = f"appeals_{service}:{quote(keys.password(service), safe='')}"
    return parts._replace(netloc=f"{user}@{where}").geturl()


def environment_here() -> dict[str, str]:
    return dict(os.environ)
