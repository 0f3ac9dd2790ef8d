"""Bundles written from a database, checked twice: by the system and by the auditor's own tool."""

import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from cli.bundling import verify_bundle, write_bundle
from cli.outcome import CommandError
from libs.common.eventstore.store import Pool
from services.dossier.adapters.bundling import Written, enterprise_bundle, whole_bundle
from services.dossier.adapters.chain_store import fix_algorithm
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.signing_keys import make_key, public_keys, signing_keys
from services.dossier.domain.bundle_checking import check_bundle
from services.dossier.domain.bundle_courses import BundleVerdict
from services.dossier.domain.chain import Algorithm
from services.dossier.domain.note import VerifierKey
from services.dossier.domain.witness import Trust
from tests.integration.dossier.keeping import keeper, slices_of
from tests.unit.dossier import life
from tests.unit.dossier.life import Journal, appeal_number

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "tools" / "verify_bundle.py"
NOW = datetime.now(UTC)
KEYS = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"]


def load_tool() -> Any:  # noqa: ANN401 - a program of its own, without types
    spec = util.spec_from_file_location("verify_bundle", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Bundles:
    """Two checkpoints and one entry more, as one file each."""

    one: bytes
    all: bytes
    key: VerifierKey

    def named(self, name: str) -> bytes:
        return self.one if name == "enterprise" else self.all


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def joined(lines: AsyncIterator[bytes]) -> bytes:
    return b"".join([line async for line in lines])


@pytest.fixture(params=["sha256", "sm3"])
async def bundles(pool: Pool, tmp_path: Path, request: pytest.FixtureRequest) -> Bundles:
    algorithm: Algorithm = "sm3" if request.param == "sm3" else "sha256"
    make_key(tmp_path, "appeals.example/dossier")
    signer = Signer(algorithm, signing_keys(tmp_path), 4)
    async with pool.acquire() as connection:
        await fix_algorithm(connection, algorithm)
    keep = keeper(pool, algorithm)
    journals = [Journal(partition=1), Journal(partition=3)]
    for start, end in ((0, 4), (4, 9), (9, 10)):
        for number in range(start, end):
            journal, appeal = journals[number % 2], appeal_number(number)
            events = (life.submitted, life.accepted, life.dispatched)
            await keep(
                slices_of(
                    [journal.record(one(appeal), appeal, key=KEYS[number % 2]) for one in events]
                )
            )
        if end < 10:
            async with pool.acquire() as connection:
                await signer.sign_next(connection, NOW - timedelta(minutes=20 - end))
    async with pool.acquire() as connection:
        one = await joined(enterprise_bundle(connection, KEYS[1], Written()))
        whole = await joined(whole_bundle(connection, Written()))
    return Bundles(one, whole, public_keys(tmp_path)[0])


def checked(bundle: bytes, key: VerifierKey, now: datetime = NOW) -> BundleVerdict:
    return check_bundle(bundle.splitlines(keepends=True), Trust(keys=[key], now=now))


def by_tool(bundle: bytes, key: VerifierKey, now: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = load_tool().check(
        bundle.splitlines(keepends=True), (key.name, key.public), now
    )
    return found


def place(verdict: BundleVerdict) -> tuple[str, int] | None:
    one = verdict.first_break
    return None if one is None else (one.kind, one.line)


def tools_place(verdict: dict[str, Any]) -> tuple[str, int] | None:
    one = verdict["first_break"]
    return None if one is None else (one["kind"], one["line"])


def without_words(verdict: dict[str, Any]) -> dict[str, Any]:
    """Both say in their own words what was expected and found."""
    one = verdict["first_break"]
    return {**verdict, "first_break": one and (one["kind"], one["line"])}


def closed(lines: Iterable[bytes]) -> bytes:
    """The lines before the last, closed anew: as whoever knows the format would."""
    out = Written()
    kept = list(lines)[:-1]
    body = b"".join(out.line(json.loads(line)) for line in kept)
    return body + out.end()


async def test_a_bundle_holds_and_both_checkers_count_the_same(bundles: Bundles) -> None:
    for name, entries, chains in (("enterprise", 12, 1), ("all", 27, 2)):
        verdict = checked(bundles.named(name), bundles.key)
        assert place(verdict) is None
        assert (verdict.entries, verdict.chains) == (entries, chains)
        assert by_tool(bundles.named(name), bundles.key) == verdict.as_json()


@pytest.mark.parametrize("name", ["enterprise", "all"])
async def test_both_checkers_find_the_same_break_in_every_changed_bundle(
    bundles: Bundles, name: str
) -> None:
    bundle, dice = bundles.named(name), random.Random(20261124)  # noqa: S311 - not a secret
    whole = 0
    for _ in range(400):
        changed = changed_bundle(bundle, dice)
        verdict, tool = checked(changed, bundles.key), by_tool(changed, bundles.key)
        assert without_words(verdict.as_json()) == without_words(tool)
        whole += verdict.is_whole
        assert verdict.is_whole == (changed == bundle)
    assert whole < 5


def changed_bundle(bundle: bytes, dice: random.Random) -> bytes:
    """Bytes flipped, lines dropped, doubled, swapped, the file cut; half are closed anew."""
    lines = bundle.splitlines(keepends=True)
    at = dice.randrange(len(lines) - 1)
    match dice.randrange(6):
        case 0:
            place = dice.randrange(len(bundle))
            flipped = bytes([bundle[place] ^ dice.randrange(1, 255)])
            return bundle[:place] + flipped + bundle[place + 1 :]
        case 1:
            return bundle[: dice.randrange(len(bundle))]
        case 2:
            lines.pop(at)
        case 3:
            lines.insert(at, lines[at])
        case 4:
            other = dice.randrange(len(lines) - 1)
            if lines[at] == lines[other]:
                return bundle
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at] = changed_field(lines[at], dice)
    return closed(lines) if dice.random() < 0.5 else b"".join(lines)


def changed_field(line: bytes, dice: random.Random) -> bytes:
    fields: dict[str, Any] = json.loads(line)
    name = dice.choice(sorted(fields))
    value = fields[name]
    others: list[Any] = [None, -1, 0, 1, 2**60, True, "", "x", [], {}, 1.5, "0" * 64]
    fields[name] = dice.choice(others)
    if fields[name] == value and type(fields[name]) is type(value):
        fields[name] = "changed"
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


async def test_an_entry_kept_back_is_found_even_if_the_rest_is_proved(bundles: Bundles) -> None:
    lines = bundles.one.splitlines(keepends=True)
    covered = [n for n, line in enumerate(lines) if b'"index":' in line and b'"version":12' in line]
    for dropped in (lines[: covered[-1]] + lines[covered[-1] + 1 :], [*lines[:8], *lines[9:]]):
        verdict = checked(closed(dropped), bundles.key)
        assert not verdict.is_whole
        assert place(verdict) == tools_place(by_tool(closed(dropped), bundles.key))


async def test_another_key_and_a_time_before_the_signature_are_refused(
    bundles: Bundles, tmp_path: Path
) -> None:
    stranger = make_key(tmp_path / "other", "appeals.example/dossier")
    early = NOW - timedelta(days=1)
    for name, line in (("enterprise", 2), ("all", 14)):
        bundle = bundles.named(name)
        assert place(checked(bundle, stranger)) == ("signature", line)
        assert tools_place(by_tool(bundle, stranger)) == ("signature", line)
        assert place(checked(bundle, bundles.key, early)) == ("future", line)
        assert tools_place(by_tool(bundle, bundles.key, early)) == ("future", line)


async def test_an_unknown_version_and_a_file_that_is_none_are_refused_with_their_line(
    bundles: Bundles,
) -> None:
    newer = bundles.one.replace(b'"appeals-bundle":1', b'"appeals-bundle":2', 1)
    for bundle, wanted in (
        (newer, ("bundle", 1)),
        (b"", ("truncated", 1)),
        (b"PK\x03\x04 no bundle\n", ("bundle", 1)),
        (b"[]\n", ("bundle", 1)),
    ):
        assert place(checked(bundle, bundles.key)) == wanted
        assert tools_place(by_tool(bundle, bundles.key)) == wanted


async def test_a_field_of_another_kind_is_refused_in_the_line_that_holds_it(
    bundles: Bundles,
) -> None:
    for at, name, value in (
        (0, "appeals-bundle", True),
        (0, "scope", []),
        (2, "chain", None),
        (2, "chain", "\ud800"),
        (3, "partition", 2**16),
        (3, "proof", ["0" * 64] * 65),
    ):
        lines = bundles.one.splitlines(keepends=True)
        lines[at] = json.dumps({**json.loads(lines[at]), name: value}).encode() + b"\n"
        changed = b"".join(lines)
        assert place(checked(changed, bundles.key)) == ("bundle", at + 1), name
        assert tools_place(by_tool(changed, bundles.key)) == ("bundle", at + 1), name


async def test_the_tool_ends_with_0_2_and_3_and_never_with_a_traceback(
    bundles: Bundles, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.jsonl"
    for content, key, code in (
        (bundles.one, str(bundles.key), 0),
        (bundles.one[:-9], str(bundles.key), 3),
        (bundles.one, "no key", 2),
    ):
        file.write_bytes(content)
        done = subprocess.run(  # noqa: S603, ASYNC221 - our own program, a moment long
            [sys.executable, str(TOOL), str(file), "--key", key],
            capture_output=True,
            text=True,
            check=False,
            env={},
            cwd=tmp_path,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


async def test_the_commands_write_record_and_verify_a_bundle(
    bundles: Bundles, dsn: str, pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "file.jsonl"
    written = await write_bundle(dsn, KEYS[1], out, "审计抽查")
    assert (written.entries, written.fingerprint) == (12, sha256(out.read_bytes()).hexdigest())
    body = await pool.fetchval("SELECT body FROM events WHERE type = 'dossier.exported.v1'")
    assert json.loads(body)["data"]["fingerprint"] == written.fingerprint
    assert verify_bundle(out, [bundles.key], as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 12
    out.write_bytes(out.read_bytes()[:-1])
    assert verify_bundle(out, [bundles.key], as_json=False) == 3
    assert "证据包不完整" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--key"):
        verify_bundle(out, [], as_json=False)


async def test_without_a_checkpoint_there_is_no_bundle_and_no_file(
    pool: Pool, dsn: str, tmp_path: Path
) -> None:
    journal, appeal = Journal(), appeal_number(1)
    await keeper(pool)(slices_of([journal.record(life.submitted(appeal), appeal, key=KEYS[0])]))
    with pytest.raises(CommandError, match="appeals keys make"):
        await write_bundle(dsn, KEYS[0], tmp_path / "file.jsonl", "x")
    assert files_in(tmp_path) == []
