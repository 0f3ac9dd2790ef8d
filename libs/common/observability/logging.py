"""JSON lines on stderr: one a batch, with ids and counts, never a payload."""

import logging
import sys

import orjson
import structlog

FORBIDDEN = frozenset({"text", "title", "contact", "phone", "name", "email", "value", "body"})


def drop_personal(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The last guard, not the first: nothing in the code should bind these."""
    return {key: value for key, value in event.items() if key not in FORBIDDEN}


def configure_logging(service: str, level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_personal,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
