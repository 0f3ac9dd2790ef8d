"""What the parts of a whole are called."""

from typing import Final

from services.dossier.domain.lines import Line
from services.dossier.domain.rates.marks import LaneMark, OutcomeMark

PART: Final[dict[OutcomeMark | LaneMark, Line]] = {
    "outcome_open": Line("在办", "open"),
    "outcome_solved": Line("已解决", "solved"),
    "outcome_partly": Line("部分解决", "partly solved"),
    "outcome_explained": Line("解释清楚", "explained"),
    "outcome_unsolvable": Line("无法解决", "unsolvable"),
    "outcome_referred": Line("转其他渠道", "referred elsewhere"),
    "outcome_not_accepted": Line("不予受理", "not accepted"),
    "outcome_withdrawn": Line("撤诉", "withdrawn"),
    "outcome_not_supplied": Line("逾期未补", "not supplied"),
    "outcome_merged": Line("已并单", "merged"),
    "lane_on_site": Line("现场即办", "on site"),
    "lane_at_intake": Line("即时答复", "answered at intake"),
    "lane_referred": Line("派单办理", "dispatched"),
    "lane_none": Line("尚未派单", "not dispatched"),
}
