"""The peers: what a district would try first, trained on the same texts."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeAlias

from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.topics import Topics
from services.classifier.domain.ranking import NONE_LABEL

# Texts to the three best items of each, best first.
Guess: TypeAlias = Callable[[Sequence[str]], list[tuple[str, ...]]]


def ours(classifier: Classifier) -> Guess:
    def guess(texts: Sequence[str]) -> list[tuple[str, ...]]:
        return [
            tuple(candidate.item for candidate in ranking.candidates)
            for ranking in classifier.classify(texts)
        ]

    return guess


def keyword_rules(topics: Topics) -> Guess:
    """The item with most characters of its words in the text."""

    def weight(text: str, words: Sequence[str]) -> int:
        return sum(len(word) for word in words if word in text)

    def guess(texts: Sequence[str]) -> list[tuple[str, ...]]:
        return [
            tuple(
                topic.item
                for topic in sorted(topics.topics, key=lambda one: -weight(text, one.words))[:3]
            )
            for text in texts
        ]

    return guess


def support_vectors() -> Any:  # noqa: ANN401 - scikit-learn has no types
    return import_module("sklearn.svm").LinearSVC(C=0.5)


def logistic_regression() -> Any:  # noqa: ANN401 - scikit-learn has no types
    """By stochastic gradient: the exact solver takes half an hour for 138 classes."""
    linear: Any = import_module("sklearn.linear_model")
    return linear.SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=30, random_state=0)


def plain_linear(examples: Sequence[Example], learner: Callable[[], Any]) -> Guess:
    """scikit-learn: TF-IDF of 1-3 characters and a linear model, as they come."""
    chosen = [example for example in examples if example.label != NONE_LABEL]
    vectoriser: Any = import_module("sklearn.feature_extraction.text").TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2
    )
    model = learner()
    features = vectoriser.fit_transform([example.text for example in chosen])
    model.fit(features, [example.label for example in chosen])

    def guess(texts: Sequence[str]) -> list[tuple[str, ...]]:
        scores = model.decision_function(vectoriser.transform(texts))
        best = (-scores).argsort(axis=1)[:, :3]
        return [tuple(row) for row in model.classes_[best].tolist()]

    return guess
