from pathlib import Path

from cli.deployment import Deployment, service_environment
from cli.keys import Keys
from cli.reach import Reach
from libs.common.contracts.topics import SERVICES
from libs.common.settings import KafkaSettings
from libs.local.processes import Children
from libs.local.stack import Servers

ADMIN = "postgresql://appeals:the-master-word@127.0.0.1:5432/appeals"
CALLER = {
    "PATH": "/usr/bin",
    "APPEALS_POSTGRES__DSN": ADMIN,
    "APPEALS_POLICY": "national",
    "AWS_SECRET_ACCESS_KEY": "not ours",
}


def deployment_in(folder: Path) -> Deployment:
    servers = Servers("127.0.0.1:9", ADMIN, Children(folder / "processes.json"), None, None)
    kafka = KafkaSettings(bootstrap_servers="127.0.0.1:9", topic_prefix="test.", partitions=3)
    reach = Reach(kafka, ADMIN)
    return Deployment(servers, folder, reach, Keys("k"), folder / "c", folder / "m", CALLER)


def test_a_service_gets_its_own_login_and_nobody_elses(tmp_path: Path) -> None:
    deployment = deployment_in(tmp_path)
    for service in SERVICES:
        environment = service_environment(deployment, service, 8080)
        text = str(environment)
        assert f"appeals_{service}:{deployment.keys.password(service)}@127.0.0.1" in text
        others = [deployment.keys.password(other) for other in SERVICES if other != service]
        assert not any(password in text for password in others)
        assert "the-master-word" not in text


def test_a_service_gets_the_settings_of_the_caller_and_not_the_rest(tmp_path: Path) -> None:
    environment = service_environment(deployment_in(tmp_path), "sla", 8080)
    assert environment["APPEALS_POLICY"] == "national"
    assert environment["APPEALS_KAFKA__TOPIC_PREFIX"] == "test."
    assert environment["APPEALS_KAFKA__PARTITIONS"] == "3"
    assert "AWS_SECRET_ACCESS_KEY" not in environment
