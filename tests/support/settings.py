"""Settings of each service for a test's own database and topics."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from libs.common.contracts.topics import ServiceName
from libs.common.settings import KafkaSettings, PostgresSettings
from services.classifier.settings import ClassifierSettings
from services.intake.settings import IntakeSettings
from services.router.settings import RouterSettings
from tests.support.databases import Database

FINGERPRINT_KEY = SecretStr("only-for-tests")


def common(database: Database, service: ServiceName, kafka: KafkaSettings | None) -> dict[str, Any]:
    return {
        "postgres": PostgresSettings(dsn=SecretStr(database.dsn(service))),
        "kafka": kafka or KafkaSettings(partitions=database.partitions),
        "fingerprint_key": FINGERPRINT_KEY,
    }


def classifier_settings(
    database: Database, model_dir: Path, credentials_file: Path, kafka: KafkaSettings | None = None
) -> ClassifierSettings:
    shared = common(database, "classifier", kafka)
    return ClassifierSettings(model_dir=model_dir, credentials_file=credentials_file, **shared)


def router_settings(database: Database, kafka: KafkaSettings | None = None) -> RouterSettings:
    return RouterSettings(**common(database, "router", kafka))


def intake_settings(database: Database, kafka: KafkaSettings | None = None) -> IntakeSettings:
    return IntakeSettings(**common(database, "intake", kafka))
