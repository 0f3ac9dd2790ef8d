from dataclasses import replace

from cli.demo.equation import Account

WHOLE = Account(sent=449, dispatched=336, review=90, parked=2, refused=19, repeats=2)


def test_an_account_holds_when_every_row_is_in_exactly_one_place() -> None:
    assert WHOLE.holds
    assert "449 sent 来件 = 336 dispatched" in WHOLE.as_text()


def test_one_row_that_is_nowhere_breaks_the_account() -> None:
    short = replace(WHOLE, dispatched=335)
    assert not short.holds
    assert "≠" in short.as_text()


def test_one_row_that_is_in_two_places_breaks_the_account() -> None:
    assert not replace(WHOLE, review=91).holds


def test_sums_that_agree_do_not_hide_a_lost_appeal() -> None:
    assert not replace(WHOLE, lost=("an id",)).holds


def test_an_appeal_without_a_clock_breaks_the_account() -> None:
    assert not replace(WHOLE, without_clocks=("an id",)).holds


def test_an_appeal_that_is_in_no_dossier_breaks_the_account() -> None:
    assert not replace(WHOLE, not_in_dossier=("an id",)).holds
