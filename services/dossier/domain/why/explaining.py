"""All the reasons of an appeal, or those of one event, from its own entries alone."""

from collections.abc import Sequence
from typing import Final

from services.dossier.domain.life.life import Life
from services.dossier.domain.why.handling import handling_reasons
from services.dossier.domain.why.naming import classification_reasons, dispatch_reasons
from services.dossier.domain.why.reason import Reason, Words
from services.dossier.domain.why.timing import Calendars, deadline_reasons, escalation_reasons

SHORTEST_PART: Final = 4


def reasons_of(life: Life, words: Words, calendars: Calendars) -> list[Reason]:
    """By subject, and within one as they happened."""
    return [
        *classification_reasons(life, words),
        *dispatch_reasons(life, words),
        *deadline_reasons(life, calendars),
        *escalation_reasons(life, words),
        *handling_reasons(life, words),
    ]


def reasons_of_event(reasons: Sequence[Reason], wanted: str) -> list[Reason]:
    """By the event's id or the beginning of it, its type, or its number in the chain."""
    text = wanted.strip().removeprefix("#").casefold()
    return [one for one in reasons if is_meant(one, text)]


def is_meant(reason: Reason, text: str) -> bool:
    said = reason.said
    if text.isdecimal() and len(text) < SHORTEST_PART * 2:
        return said.version == int(text)
    is_part_of_id = len(text) >= SHORTEST_PART and str(said.id).startswith(text)
    return is_part_of_id or text in {said.type, said.type.rpartition(".")[0], reason.subject}
