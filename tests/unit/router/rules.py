"""The router's decider with the data that ships."""

from typing import Final

from libs.calendar.load import load_calendar
from libs.catalogue.load import load_catalogue
from services.router.adapters.protocol_files import load_protocol
from services.router.adapters.routing import routing_table
from services.router.domain.decide import router_decider
from services.router.domain.rules import Rulebook

ROUTING: Final = routing_table(load_catalogue(), version="test", fallback="qfb")
RULES: Final = Rulebook(load_protocol("2026.1"), ROUTING, load_calendar())
ROUTER: Final = router_decider(RULES)
