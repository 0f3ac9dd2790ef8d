"""A story on the terminal: each appeal's timeline, then the figures that come of it."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.rates import figure_lines
from cli.scenarios.districts import Played
from cli.scenarios.story import Filed, Story
from services.dossier.adapters.formula_files import load_formulas
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.life.life import Life, identity_of
from services.dossier.domain.life.view import clock_json
from services.dossier.domain.lines import Names, local
from services.dossier.domain.rates.figures import Figure, figures
from services.dossier.domain.rates.marking import marked
from services.dossier.domain.states import STATE_ZH
from services.dossier.domain.summaries import summary_of


def figures_of(story: Story) -> list[Figure]:
    """Over every appeal of the story, by the shipped formulas."""
    calendar = story.assembly.calendar
    lives = [story.life(filed) for filed in story.filed]
    appeals = [marked(life, identity_of(life), calendar) for life in lives]
    return figures(load_formulas(), appeals)


def as_json(played: Played) -> dict[str, Any]:
    story = played.story
    return {
        "scenario": played.scenario.name,
        "policy": played.scenario.policy,
        "appeals": len(story.filed),
        "events": story.assembly.world.events,
        "refused": story.refused,
        "shown": {name: life_as_json(story.life(one)) for name, one in shown(played)},
        "figures": [figure_lines(one)[0].strip() for one in figures_of(story)],
    }


def life_as_json(life: Life) -> dict[str, Any]:
    return {
        "appeal_id": str(life.appeal_id),
        "state": life.state.value,
        "clocks": [clock_json(run, life.until) for run in life.runs],
    }


def shown(played: Played) -> Iterator[tuple[str, Filed]]:
    """Orders have streams, but no life."""
    for name, one in played.appeals.items():
        if played.story.life(one).happenings:
            yield name, one


def print_story(console: Console, played: Played) -> None:
    scenario, names = played.scenario, catalogue_names()
    head = f"{scenario.zh} {scenario.en}，时限政策 policy {scenario.policy}，虚拟时间 virtual time"
    console.print(Text(head, style="bold"))
    for name, one in shown(played):
        life = played.story.life(one)
        console.print()
        console.print(Text(f"{name}：{STATE_ZH[life.state]} {life.state}", style="bold"))
        for line in timeline(life, names):
            console.print(Text(f"  {line}"), soft_wrap=True)
    console.print()
    console.print(Text(f"{len(played.story.filed)} 件 appeals", style="bold"))
    for figure in figures_of(played.story):
        for line in figure_lines(figure):
            console.print(Text(line), soft_wrap=True)


def timeline(life: Life, names: Names) -> Iterator[str]:
    for one in life.happenings:
        line = summary_of(one.event, names)
        yield f"{local(one.time)}  {line.zh}"
