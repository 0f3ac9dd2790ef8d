"""The rulebook as the settings and the shipped data give it."""

from collections.abc import Mapping
from typing import Final, cast, get_args

from libs.calendar.load import SHIPPED_VERSION, load_calendar
from libs.catalogue.catalogue import Catalogue
from libs.catalogue.errors import UnknownCodeError
from libs.catalogue.load import load_catalogue
from libs.catalogue.org import Addressee
from libs.common.ids import DepartmentCode
from services.sla.adapters.policy_files import load_policy
from services.sla.domain.rulebook import FindPost, Rulebook

ADDRESSEES: Final = frozenset(get_args(Addressee))


def load_book(
    policy: str, calendar: str = SHIPPED_VERSION, places: Mapping[str, str] | None = None
) -> Rulebook:
    """Raises UnknownPolicyError and CalendarDataError for names of nothing."""
    return Rulebook(
        load_calendar(calendar),
        load_policy(policy),
        {place: load_policy(name) for place, name in (places or {}).items()},
        posts_of(load_catalogue()),
    )


def posts_of(catalogue: Catalogue) -> FindPost:
    """Posts have titles and never a person's name."""

    def find(addressee: str, unit: DepartmentCode) -> tuple[DepartmentCode, str] | None:
        if addressee not in ADDRESSEES:
            return None
        try:
            post = catalogue.addressee(unit, cast("Addressee", addressee))
        except UnknownCodeError:
            return None
        return post.unit, post.title_zh

    return find
