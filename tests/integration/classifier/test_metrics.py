"""The operator sees how many wait and why, and whether the traffic has drifted."""

from datetime import timedelta
from math import isnan

from prometheus_client import CollectorRegistry

from libs.common.clock import system_clock
from services.classifier.domain.drift import FEWEST
from services.classifier.timers import Watching, review_metrics
from tests.support.classifier import DOUBTFUL, SURE, Running

OLD = """
    INSERT INTO classifier.readings (appeal_id, partition, key, version, state, proposed, item,
        confidence, urgency, accepted_at, judged_at, changed_at, title, text)
    SELECT gen_random_uuid(), 0, 'k', 1, 'classified', $1, $1, 9000, 'normal', $2, $2, $2, '', ''
    FROM generate_series(1, $3)
"""


def value(registry: CollectorRegistry, name: str, **labels: str) -> float:
    found = registry.get_sample_value(name, labels)
    assert found is not None
    return found


async def test_what_waits_is_counted_by_reason_and_drift_needs_enough_traffic(
    classifier: Running,
) -> None:
    watching = Watching(classifier.pool, system_clock, review_metrics(classifier.metrics))
    await classifier.accept(1, DOUBTFUL)
    await classifier.accept(2, SURE)
    await watching.measure()
    registry = classifier.metrics.registry
    assert value(registry, "review_waiting", reason="none_of_these") == 1
    assert value(registry, "review_waiting", reason="returned") == 0
    assert isnan(value(registry, "classifier_item_psi"))


async def test_another_mix_of_items_shows_as_drift(classifier: Running) -> None:
    now = system_clock()
    long_ago = now - timedelta(days=20)
    await classifier.database.fetch(OLD, "FIN-01", long_ago, FEWEST)
    await classifier.database.fetch(OLD, "TAL-01", now - timedelta(days=1), FEWEST)
    watching = Watching(classifier.pool, system_clock, review_metrics(classifier.metrics))
    await watching.measure()
    registry = classifier.metrics.registry
    assert value(registry, "classifier_item_psi") > 0.25
    assert value(registry, "classifier_confidence_psi") < 0.1
    assert value(registry, "classifier_return_rate") == 0
