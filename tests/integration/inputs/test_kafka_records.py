"""Records of outsiders with odd headers, keys and bytes: each alone, none lost."""

import pytest

from tests.support.intake import PRODUCER, Intake, sent, submission


@pytest.mark.parametrize("value", [None, b"\xff\xfe", "热线".encode("gb18030"), b""])
async def test_a_header_that_names_nobody_is_no_loss(intake: Intake, value: bytes | None) -> None:
    await intake.take(sent(submission("a"), 0, {"producer_id": value, "x-odd": value}))
    (row,) = await intake.database.fetch("SELECT producer_id FROM intake.progress")
    assert row["producer_id"] == "kafka"


@pytest.mark.parametrize("header", [b"a\x00b", b"h" * 500, b"x" * 900_000])
async def test_a_producer_that_can_not_be_stored_is_parked_alone(
    intake: Intake, header: bytes
) -> None:
    await intake.take(
        sent(submission("a"), 0),
        sent(submission("b"), 1, {"producer_id": header}),
        sent(submission("c"), 2),
    )
    assert await intake.accepted() == ["a", "c"]
    assert [offset for offset, _ in await intake.parked()] == [1]


@pytest.mark.parametrize("key", [None, b"", b"\xff\x00", b"k" * 10_000])
async def test_any_key_will_do(intake: Intake, key: bytes | None) -> None:
    await intake.take(sent(submission("a"), 0)._replace(key=key))
    assert await intake.accepted() == ["a"]


async def test_a_tombstone_is_parked(intake: Intake) -> None:
    await intake.take(sent(b"", 0)._replace(value=None), sent(submission("a"), 1))
    assert await intake.parked() == [(0, "refused_json")]
    assert await intake.accepted() == ["a"]


async def test_a_parked_submission_can_be_shown_only_from_the_vaults_side(intake: Intake) -> None:
    bad = sent({"channel": "hotline", "text": "手机 13800001234"}, 0)
    await intake.take(bad)
    (row,) = await intake.database.fetch("SELECT value, detail FROM intake.dead_letters")
    assert row["value"] == bad.value
    assert "13800001234" not in row["detail"]


async def test_a_number_sent_twice_counts_once_in_one_slice_and_across_slices(
    intake: Intake,
) -> None:
    first, second = submission("a"), submission("b")
    await intake.take(sent(first, 0), sent(first, 1), sent(second, 2))
    await intake.take(sent(second, 3), sent(first, 4))
    assert await intake.accepted() == ["a", "b"]
    (row,) = await intake.database.fetch(
        "SELECT sum(repeats)::int AS n, (SELECT count(*) FROM intake.events) AS events "
        "FROM intake.command_answers"
    )
    assert (row["n"], row["events"]) == (3, 4)


async def test_a_known_number_with_other_content_is_parked_and_names_the_field(
    intake: Intake,
) -> None:
    other = submission("a", text="另一段文字，电话 13800001234")
    await intake.take(sent(submission("a"), 0), sent(other, 1))
    await intake.take(sent(other, 2))
    assert await intake.parked() == [(1, "content_differs"), (2, "content_differs")]
    rows = await intake.database.fetch("SELECT detail FROM intake.dead_letters")
    assert all("text" in row["detail"] and "13800001234" not in row["detail"] for row in rows)


async def test_the_same_number_of_another_producer_is_another_appeal(intake: Intake) -> None:
    mine = {"producer_id": PRODUCER.encode()}
    theirs = {"producer_id": b"portal"}
    await intake.take(sent(submission("a"), 0, mine), sent(submission("a"), 1, theirs))
    assert await intake.accepted() == ["a", "a"]
