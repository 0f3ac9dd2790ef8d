"""From the start of each service's process to its first `/ready`, and the memory it then takes.

    python -m benchmarks.startup [--rounds 5] [--json FILE]

One service at a time, so that none waits for another's share of the cores; then all five at once.
"""

import argparse
import asyncio
import sys
from statistics import median
from time import monotonic
from typing import Any, Final

from benchmarks.counting import NotWholeError
from benchmarks.reporting import benchmark_arguments, run_and_report
from benchmarks.staging import Stage, open_stage
from cli.calling import call
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.local.ports import new_ports
from libs.local.processes import Child

READY: Final = 200
READY_WITHIN_S: Final = 120.0
POLL_S: Final = 0.02


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    began = monotonic()
    async with open_stage(arguments.state, arguments.model) as stage:
        prepared = monotonic() - began
        rounds = [await one_by_one(stage) for _ in range(arguments.rounds)]
        together = [await all_at_once(stage) for _ in range(arguments.rounds)]
        facts = dict(stage.facts)
    return {
        "machine": facts,
        # Empty data: initdb, Kafka's format, schemas, topics and pg_test_fsync are in it.
        "stack_seconds": round(prepared, 1),
        "services": {
            service: {
                name: round(median(found[service][name] for found in rounds), 2)
                for name in ("seconds", "cpu_s", "memory_mib")
            }
            for service in SERVICES
        },
        "all_five_seconds": round(median(together), 2),
        "rounds": rounds,
    }


async def one_by_one(stage: Stage) -> dict[str, dict[str, float]]:
    return {service: await alone(stage, service) for service in SERVICES}


async def alone(stage: Stage, service: ServiceName) -> dict[str, float]:
    began = monotonic()
    child, port = start(stage, service)
    try:
        await until_ready(child, port)
        seconds = monotonic() - began
        reading = await stage.meter({service: child}).read()
        return {
            "seconds": round(seconds, 2),
            "cpu_s": round(reading.cpu_s[service], 2),
            "memory_mib": reading.memory_mib[service],
        }
    finally:
        await stage.deployment.servers.children.stop(child)


async def all_at_once(stage: Stage) -> float:
    began = monotonic()
    started = [start(stage, service) for service in SERVICES]
    try:
        await asyncio.gather(*(until_ready(child, port) for child, port in started))
        return monotonic() - began
    finally:
        await asyncio.gather(
            *(stage.deployment.servers.children.stop(child) for child, _ in started)
        )


def start(stage: Stage, service: ServiceName) -> tuple[Child, int]:
    (port,) = new_ports(1)
    return stage.deployment.start(service, port), port


async def until_ready(child: Child, port: int) -> None:
    """Raises NotWholeError when the process ends, or is not ready in time."""
    deadline = monotonic() + READY_WITHIN_S
    while monotonic() < deadline and child.is_running():
        status, _ = await call(port, "GET", "/ready")
        if status == READY:
            return
        await asyncio.sleep(POLL_S)
    problem = f"{child.program.what} was not ready within {READY_WITHIN_S:.0f} s"
    raise NotWholeError(problem)


def printed(result: dict[str, Any]) -> str:
    lines = [
        f"{name:<11}{one['seconds']:>7.2f} s to ready, {one['cpu_s']:.2f} s of CPU, "
        f"{one['memory_mib']:.0f} MiB"
        for name, one in result["services"].items()
    ]
    lines.append(f"all five at once: {result['all_five_seconds']} s")
    lines.append(f"servers, schemas and topics on empty data: {result['stack_seconds']} s")
    return "\n".join(lines)


def main() -> int:
    parser = benchmark_arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=5)
    return run_and_report(parser, measured, printed)


if __name__ == "__main__":
    sys.exit(main())
