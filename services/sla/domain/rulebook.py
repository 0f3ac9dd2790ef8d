"""All that the clocks are reckoned by: the calendar, each place's policy, the tree of units."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from libs.calendar.working_calendar import WorkingCalendar
from libs.common.ids import DepartmentCode
from services.sla.domain.deadline import Planner
from services.sla.domain.policy import Policy

# Until somebody leads an appeal, the hotline answers for it.
HOTLINE: Final = DepartmentCode("rx")
# A unit and the Chinese title of the post in it, for an addressee as the policy names it.
FindPost: TypeAlias = Callable[[str, DepartmentCode], tuple[DepartmentCode, str] | None]


def no_post(_addressee: str, _unit: DepartmentCode) -> None:
    """For whoever wants no addressees."""


class Rulebook:
    """One policy holds by default; `of_places` names another one for a sub-district's code."""

    def __init__(
        self,
        calendar: WorkingCalendar,
        default: Policy,
        of_places: Mapping[str, Policy] | None = None,
        find_post: FindPost = no_post,
    ) -> None:
        self.default = default
        self.of_places = dict(of_places or {})
        self.find_post = lru_cache(maxsize=1024)(find_post)
        self.adopt(calendar)

    def adopt(self, calendar: WorkingCalendar) -> None:
        """A newer calendar: from here on it is the one that is reckoned with."""
        self.calendar = calendar
        self.planners = {policy.name: Planner(calendar, policy) for policy in self.policies}

    @property
    def policies(self) -> Iterable[Policy]:
        return {policy.name: policy for policy in (self.default, *self.of_places.values())}.values()

    def planner(self, policy: str | None, sub_district: str | None) -> Planner:
        """An appeal stays with the policy that it began under; a name unknown here is the place's.

        The policy of the place, else the default one, holds for an appeal that has none yet.
        """
        found = self.planners.get(policy) if policy else None
        if found is not None:
            return found
        of_place = self.of_places.get(sub_district) if sub_district else None
        return self.planners[(of_place or self.default).name]

    @property
    def versions(self) -> tuple[str, tuple[str, ...]]:
        """The calendar's, and those of the policies."""
        return self.calendar.version, tuple(policy.version_id for policy in self.policies)

    def is_current(self, policy_version: str, calendar_version: str) -> bool:
        """Whether a deadline was reckoned by what holds now; of an unknown policy nobody says."""
        planner = self.planners.get(policy_version.rpartition("-")[0])
        return calendar_version == self.calendar.version and (
            planner is None or planner.policy.version_id == policy_version
        )

    def post(
        self, addressee: str, lead: DepartmentCode | None
    ) -> tuple[DepartmentCode, str] | tuple[None, None]:
        """Nobody where the tree does not know the unit: the addressee's name still tells."""
        return self.find_post(addressee, lead or HOTLINE) or (None, None)
