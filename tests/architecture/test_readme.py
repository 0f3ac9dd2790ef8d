"""The two READMEs say the same, stay short, and no document links to what is not there."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from cli.documents.written import ROOT
from cli.main import VERBS
from libs.common.contracts.inbound import Submission

ENGLISH: Final = ROOT / "README.md"
CHINESE: Final = ROOT / "README.zh-CN.md"
LONGEST: Final = 10_000
BLOCK: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text())


def headings(page: Path) -> list[int]:
    """Their levels, in order; the words are of two languages."""
    return [len(line.split()[0]) for line in prose(page).splitlines() if line.startswith("#")]


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_both_languages_have_the_same_headings() -> None:
    assert headings(ENGLISH) == headings(CHINESE)
    assert len(headings(ENGLISH)) > 5


def test_both_languages_have_the_same_blocks_of_code() -> None:
    assert blocks(ENGLISH) == blocks(CHINESE)
    assert len(blocks(ENGLISH)) > 5


def test_both_languages_lead_to_the_same_documents() -> None:
    others = {"README.md", "README.zh-CN.md"}
    english, chinese = (set(LINK.findall(prose(page))) - others for page in (ENGLISH, CHINESE))
    assert english == chinese


def test_a_table_has_as_many_rows_in_both_languages() -> None:
    assert prose(ENGLISH).count("\n|") == prose(CHINESE).count("\n|")


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=lambda page: page.name)
def test_a_readme_is_short(page: Path) -> None:
    assert len(page.read_bytes()) < LONGEST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_verb_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"(?:^|`)appeals ([a-z]+)", ENGLISH.read_text(), re.MULTILINE))
    assert len(shown) > 5
    assert shown - VERBS.keys() == set()


def test_every_make_target_that_a_page_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in (ENGLISH, ROOT / "CONTRIBUTING.md"):
        shown = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE))
        assert shown
        assert shown - targets == set()


def test_the_shown_submission_is_one_that_intake_takes() -> None:
    (call,) = [block for block in blocks(ENGLISH) if "curl" in block]
    words = shlex.split(call.replace("\\\n", " "), comments=False)
    body = words[words.index("-d") + 1]
    assert Submission.model_validate_json(body).source_id == "my-1"
