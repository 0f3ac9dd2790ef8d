"""Run by make before the first demo: Kafka's jars and the model, which are kept ever after."""

import asyncio
import os
import sys
from collections.abc import Mapping

from cli.deployment import inputs_digest, model_folder, needs_training
from cli.narrator import Narrator
from cli.outcome import OK, ending_of
from cli.reach import CommandSettings
from libs.local.errors import LocalServerError
from libs.local.jars import kafka_jars
from libs.local.stack import KAFKA
from services.classifier.adapters.material import built_model, shipped_examples, shipped_topics


async def prepare(settings: CommandSettings, environment: Mapping[str, str]) -> None:
    """Raises LocalServerError where the jars can not be had."""
    narrator = Narrator()
    if not environment.get(KAFKA):
        await kafka_jars(environment, settings.state_dir.absolute() / "jars", narrator.jar)
    model = model_folder(settings.state_dir, environment)
    if needs_training(model, environment):
        narrator.say(
            "训练分类模型（一两分钟，仅此一次）", "training the model: a minute or two, once"
        )
        digest = inputs_digest()
        built_model(model, shipped_examples(), shipped_topics())
        (model / "made-from").write_text(digest)


def main() -> int:
    try:
        asyncio.run(prepare(CommandSettings(), os.environ))
    except LocalServerError as error:
        code, text = ending_of(error) or (1, str(error))
        sys.stderr.write(f"{text}\n")
        return code
    return OK


if __name__ == "__main__":
    sys.exit(main())
