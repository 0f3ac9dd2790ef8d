import json
from hashlib import sha256
from pathlib import Path

from cli.keys import PRODUCER, open_keys, producer_key, write_credentials
from libs.common.contracts.topics import SERVICES


def test_secrets_are_kept_across_starts_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first = open_keys(tmp_path / "keys")
    again = open_keys(tmp_path / "keys")
    assert again.passwords() == first.passwords()
    write_credentials(tmp_path / "keys", again)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_no_two_services_and_no_two_stacks_share_a_password(tmp_path: Path) -> None:
    one, other = open_keys(tmp_path / "one"), open_keys(tmp_path / "other")
    passwords = [*one.passwords().values(), *other.passwords().values()]
    assert len(set(passwords)) == 2 * len(SERVICES)


def test_services_are_told_hashes_and_never_a_key(tmp_path: Path) -> None:
    keys = open_keys(tmp_path)
    text = write_credentials(tmp_path, keys, firms=["a-firm"]).read_text()
    key = producer_key(tmp_path).read_text()
    assert key == keys.caller("producer", PRODUCER)
    assert key not in text
    by_unit = {row["unit"]: row for row in json.loads(text)}
    assert by_unit[PRODUCER]["key_sha256"] == sha256(key.encode()).hexdigest()
    assert by_unit["a-firm"]["roles"] == ["firm"]
    assert keys.master not in text
