"""Need to know: what a copy shows of an appeal, by whose copy it is.

`masked` is the default: secret appeals show neither firm nor subject. `department` shows a unit
the appeals that it leads or helps with, never who complained. `full` hides nothing.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from libs.common.contracts import router
from libs.common.contracts.envelope import Actor
from services.dossier.domain.life.life import Identity, Life

ViewName: TypeAlias = Literal["full", "department", "masked"]
COMPLAINANT: Final = "〔诉求人〕"
SECRET: Final = {"confidential": "〔保密件〕", "whistleblower": "〔举报〕"}


@dataclass(frozen=True, slots=True)
class View:
    """`unit` is the department whose copy it is, for that view alone."""

    name: ViewName
    unit: str | None = None

    def includes(self, life: Life, who: Identity) -> bool:
        return self.name != "department" or self.unit in units_of(life, who)

    def hides_firm(self, who: Identity) -> bool:
        if self.name == "full":
            return False
        return self.name == "department" or who.confidentiality in SECRET

    def actor(self, actor: Actor, who: Identity) -> str:
        if actor.kind == "firm" and self.hides_firm(who):
            return COMPLAINANT
        return f"{actor.unit}·{actor.id}"

    def shown(self, who: Identity) -> Identity:
        """The same appeal with what this copy may not show taken out."""
        secret = SECRET.get(who.confidentiality)
        if self.name == "full":
            return who
        if self.name == "department":
            return replace(
                who,
                enterprise_id=None,
                enterprise_name=COMPLAINANT,
                uscc=None,
                source_id=None if secret else who.source_id,
                title=self.hiding(who.title, who),
                text=self.hiding(who.text, who),
            )
        if secret is None:
            return who
        return replace(
            who,
            enterprise_id=None,
            enterprise_name=secret,
            uscc=None,
            source_id=None,
            title=secret,
            text=secret,
            sub_district=None,
        )

    def hiding(self, words: str | None, who: Identity) -> str | None:
        """Words without the complainant's name and code, wherever they stand."""
        if words is None or self.name == "full":
            return words
        if self.name == "masked":
            return SECRET.get(who.confidentiality, words)
        for known in (who.enterprise_name, who.uscc):
            if known:
                words = words.replace(known, COMPLAINANT)
        return words


def units_of(life: Life, who: Identity) -> set[str]:
    """Whoever leads or helps, or has done so."""
    units = {who.lead or ""}
    for one in life.happenings:
        match one.event:
            case router.AppealDispatched() | router.RulingIssued() | router.ReworkDispatched():
                units |= {one.event.lead, *one.event.co_handlers}
            case router.CoHandlerAdded() | router.ProvisionalLeadNamed():
                units.add(one.event.department)
            case _:
                pass
    return units - {""}
