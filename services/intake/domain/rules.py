"""Rules that are data: who is screened by a seat, and the classes of 不予受理."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from libs.common.contracts.intake_words import RejectionCode
from libs.common.contracts.values import AppealKind

Decision: TypeAlias = Literal["accept", "screened"]
Lacking: TypeAlias = Literal["enterprise", "sub_district"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What screening looks at; nothing of the text."""

    channel: str
    producer_id: str
    kind: AppealKind
    lacks: frozenset[Lacking]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningRule:
    """Holds for an arrival that meets every condition; an empty one is met by all."""

    id: str
    decision: Decision
    channels: frozenset[str] = frozenset()
    producers: frozenset[str] = frozenset()
    kinds: frozenset[AppealKind] = frozenset()
    lacks: frozenset[Lacking] = frozenset()

    def holds(self, arrival: Arrival) -> bool:
        return (
            (not self.channels or arrival.channel in self.channels)
            and (not self.producers or arrival.producer_id in self.producers)
            and (not self.kinds or arrival.kind in self.kinds)
            and (not self.lacks or bool(self.lacks & arrival.lacks))
        )


@dataclass(frozen=True, slots=True)
class RejectionClass:
    name_zh: str
    name_en: str
    legal_path_zh: str
    legal_path_en: str


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """The first rule that holds decides; the last one holds for all."""

    screening_version: str
    screening: Sequence[ScreeningRule]
    rejections_version: str
    rejections: Mapping[RejectionCode, RejectionClass]

    def screen(self, arrival: Arrival) -> ScreeningRule:
        return next(rule for rule in self.screening if rule.holds(arrival))
