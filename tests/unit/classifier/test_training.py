from collections.abc import Sequence
from importlib import import_module

import numpy as np
import pytest

from services.classifier.adapters.arrays import kernel
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.features import ORDER_WEIGHTS, vocabulary_of
from services.classifier.adapters.folds import folds_of, near_duplicates
from services.classifier.adapters.model import Model
from services.classifier.adapters.naive import SHARE, SMOOTHING, blended
from services.classifier.adapters.ngrams import ngrams, spelled
from services.classifier.adapters.ridge import fitted, primal, targets
from services.classifier.adapters.topics import topics_of_labels
from services.classifier.adapters.training import (
    PENALTY,
    RAREST,
    UnknownLabelError,
    material_of,
    train,
)
from services.classifier.adapters.urgency import fitted_alarm
from tests.unit.classifier.material import TOPICS, examples

UNSEEN = ["园区又限电了怎么办", "哪里有招聘会", "人行道的护栏坏了", "利率太高，想换信用贷"]


def grams_of(text: str) -> list[str]:
    return [spelled(key) for key in ngrams([text]).keys.tolist()]


def reference_features(train_on: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """The same features by scikit-learn's vectoriser, n-gram by n-gram."""
    text = import_module("sklearn.feature_extraction.text")
    counter = text.CountVectorizer(analyzer=grams_of).fit(train_on)
    frequency = (counter.transform(train_on) > 0).sum(axis=0).A1
    names = counter.get_feature_names_out()
    kept = np.array([frequency[i] >= RAREST[len(name)] for i, name in enumerate(names)])
    counts = counter.transform(texts).toarray()[:, kept].astype(float)
    inverse = np.log((1 + len(train_on)) / (1 + frequency[kept])) + 1
    order = np.array([ORDER_WEIGHTS[len(name)] for name in names[kept]])
    rows = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * inverse * order
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normal: np.ndarray = rows / np.maximum(lengths, 1e-12)
    return normal


def test_the_fast_path_gives_the_scores_of_scikit_learn(model: Model) -> None:
    material = material_of(examples(), TOPICS)
    ridge = import_module("sklearn.linear_model").Ridge(alpha=PENALTY, fit_intercept=False)
    wanted = targets(material.labels, len(TOPICS.topics) + 1)
    seen = reference_features(material.texts, material.texts)
    unseen = reference_features(material.texts, UNSEEN)
    ridge.fit(seen, wanted)
    naive = import_module("sklearn.naive_bayes").MultinomialNB(alpha=SMOOTHING)
    odds = naive.fit(seen, material.labels).feature_log_prob_
    odds -= odds.mean(axis=0)
    share = SHARE * np.abs(ridge.coef_).mean() / np.abs(odds).mean()
    expected = ridge.predict(unseen) + share * unseen @ odds.T
    scores = Classifier(model).scores(UNSEEN)[:, :-1]
    # What is left is the rounding of weights to 8 bits.
    assert np.abs(scores - expected).max() < 0.01


def test_the_fast_features_are_those_of_scikit_learn() -> None:
    texts = material_of(examples(), TOPICS).texts
    fast = vocabulary_of(texts, RAREST).features(UNSEEN).toarray()
    slow = reference_features(texts, UNSEEN)
    assert np.allclose(np.sort(fast, axis=1), np.sort(slow, axis=1), atol=1e-5)


def test_held_out_scores_are_those_of_a_model_that_never_saw_the_fold() -> None:
    material = material_of(examples(), TOPICS)
    features = vocabulary_of(material.texts, RAREST).features(material.texts)
    wanted = targets(material.labels, len(TOPICS.topics) + 1)
    folds = np.arange(len(material.texts)) % 4
    _, held_out = fitted(kernel(features, features), PENALTY, wanted, folds)
    seen, unseen = np.flatnonzero(folds != 2), np.flatnonzero(folds == 2)
    alone = np.full(len(seen), -1)
    dual, _ = fitted(kernel(features[seen], features[seen]), PENALTY, wanted[seen], alone)
    expected = features[unseen] @ primal(features[seen], dual)
    assert np.allclose(held_out[unseen], expected, atol=1e-3)


def test_held_out_scores_of_naive_bayes_never_saw_the_fold() -> None:
    material = material_of(examples(), TOPICS)
    features = vocabulary_of(material.texts, RAREST).features(material.texts)
    folds = np.arange(len(material.texts)) % 4
    weights = np.ones((features.shape[1], len(TOPICS.topics) + 1), np.float32)
    nothing = np.zeros((len(folds), weights.shape[1]), np.float32)
    _, held_out = blended(features, material.labels, weights, nothing, folds)
    changed = material.labels.copy()
    changed[folds == 2] = 0
    _, again = blended(features, changed, weights, nothing, folds)
    order = [scores[folds == 2].argsort(axis=1, kind="stable") for scores in (held_out, again)]
    assert np.array_equal(order[0], order[1])


def test_held_out_urgency_is_that_of_a_model_that_never_saw_the_fold() -> None:
    material = material_of(examples(), TOPICS)
    features = vocabulary_of(material.texts, RAREST).features(material.texts)
    folds = np.arange(len(material.texts)) % 3
    held_out = fitted_alarm(features, material.urgency, folds).held_out
    unknown = np.where(folds == 1, np.float32(0), material.urgency)
    alone = fitted_alarm(features, unknown, folds).alarm
    unseen = np.flatnonzero(folds == 1)
    expected = features[unseen] @ alone.weights + alone.bias
    assert np.allclose(held_out[unseen], expected, atol=1e-4)


def test_where_nothing_is_urgent_urgency_weighs_nothing() -> None:
    features = vocabulary_of(["停电", "路灯"], RAREST).features(["停电", "路灯"])
    fitted = fitted_alarm(features, np.array([-1, -1], np.float32), np.array([0, 1]))
    assert not fitted.alarm.weights.any()


def test_a_text_that_is_no_sample_teaches_words_and_is_not_measured() -> None:
    terse = [Example("灯不亮", "PUB-10", is_sample=False)] * 3
    metrics = train([*examples(), *terse], TOPICS).metrics
    assert metrics["n"] == len(examples())


def test_near_duplicates_never_stand_on_both_sides_of_a_fold() -> None:
    texts = ["银行贷款批不下来怎么办", "银行贷款批不下来怎么办啊", "路灯不亮", "路灯不亮呀"] * 3
    features = vocabulary_of(texts, RAREST).features(texts)
    groups = near_duplicates(kernel(features, features))
    folds = folds_of(np.array([0, 0, 1, 1] * 3), groups)
    assert len(set(groups.tolist())) == 2
    for group in set(groups.tolist()):
        assert len(set(folds[groups == group].tolist())) == 1


def test_every_fold_gets_its_share_of_a_label() -> None:
    labels = np.repeat([0, 1], 20)
    folds = folds_of(labels, np.arange(40))
    counts = [np.bincount(folds[labels == label], minlength=5).tolist() for label in (0, 1)]
    assert counts == [[4] * 5, [4] * 5]


def test_a_label_outside_the_catalogue_is_refused_in_two_languages() -> None:
    with pytest.raises(UnknownLabelError, match=r"FIN-99.*not in the catalogue"):
        train([*examples(), Example("银行", "FIN-99")], TOPICS)


def test_a_district_may_train_on_labels_of_its_own() -> None:
    own = [Example(example.text, f"类{example.label}") for example in examples()]
    topics = topics_of_labels(example.label for example in own)
    model = train(own, topics)
    assert Classifier(model).classify(["厂里突然停电"])[0].item == "类PUB-02"
    assert model.metrics["macro_f1"] is not None
    assert model.metrics["none_recall"] is None


def test_the_threshold_holds_its_precision_on_the_held_out_folds(model: Model) -> None:
    precision = model.metrics["auto_precision"]
    assert isinstance(precision, float)
    assert precision >= 0.98
