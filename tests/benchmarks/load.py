"""Many clients at a server of its own: `make bench-load`, or `python -m tests.benchmarks.load --questions 2000`.

Prints throughput, latencies beside the ideal of that throughput (clients / throughput, Little's law), what was
refused, how the server's memory grew, what a rush past the queue's limit gets, and whether answers in flight are
finished when the server is told to end. Exit code 1 where something other than 200, or 429 with Retry-After, came.
"""

import argparse
import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.question.suggest import SAMPLE_QUESTIONS
from ingest.__main__ import main as ingest

QUESTIONS = [*SAMPLE_QUESTIONS.values(), "What is the capital of Peru?", "Who raised the alarm in Port Maren?"]
RUSH = 600
IN_FLIGHT = 40


@dataclass
class Seen:
    """What the clients saw. Times are seconds; of answers only."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def odd(self) -> int:
        return sum(count for status, count in self.statuses.items() if status not in ("200", "429 with Retry-After"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--questions", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        ingest(["--library", str(library), "--samples"])
        with server(library) as (process, url):
            return asyncio.run(measured(process, url, arguments.clients, arguments.questions))


@contextmanager
def server(library: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server's process and address."""
    command = [sys.executable, "-m", "assistant", "--headless", "--port", "0", "--library", str(library)]
    command += ["--log-level", "warning"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[3]
        finally:
            process.terminate()


async def measured(process: subprocess.Popen[str], url: str, clients: int, questions: int) -> int:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=120, trust_env=False) as client:
        await asked(client, clients, 2 * clients)
        before, begin = memory(process), time.perf_counter()
        seen = await asked(client, clients, questions)
        took = time.perf_counter() - begin
        grown = memory(process) - before
        report(seen, clients, took)
        print(f"memory: {before:.0f} MB before, {grown:+.0f} MB after {questions:,} questions")
        rush = await asked(client, RUSH, RUSH, patient=False)
        print(f"{RUSH} at once: {dict(rush.statuses)}")
        left = await ended(process, client)
        print(f"told to end with {IN_FLIGHT} in flight: {dict(left.statuses)}, exit code {process.returncode}")
    ended_well = process.returncode in (0, -signal.SIGTERM)
    return 0 if ended_well and not (seen.odd or rush.odd or left.odd) else 1


def report(seen: Seen, clients: int, took: float) -> None:
    rate = len(seen.seconds) / took
    ideal = clients / rate
    cuts = statistics.quantiles(seen.seconds, n=100)
    print(
        f"{clients} clients, {len(seen.seconds):,} answers in {took:.0f} s: {rate:.1f} a second; {dict(seen.statuses)}"
    )
    print(f"p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, ideal {ideal:.2f} s, p95 / ideal {cuts[94] / ideal:.2f}")


async def asked(client: httpx.AsyncClient, clients: int, questions: int, *, patient: bool = True) -> Seen:
    """So many clients at once, each with its next question as soon as it has an answer."""
    seen = Seen()
    left = iter(range(questions))

    async def one() -> None:
        for number in left:
            while not await ask(client, seen, QUESTIONS[number % len(QUESTIONS)]) and patient:
                await asyncio.sleep(1)

    await asyncio.gather(*(one() for _ in range(clients)))
    return seen


async def ask(client: httpx.AsyncClient, seen: Seen, question: str) -> bool:
    """Whether there was an answer, or trouble that asking again would not mend."""
    begin = time.perf_counter()
    try:
        answer = await client.post("/v1/ask", json={"question": question})
    except httpx.HTTPError as error:
        seen.statuses[type(error).__name__] += 1
        return True
    if answer.status_code == 200:
        seen.seconds.append(time.perf_counter() - begin)
    seen.statuses[f"{answer.status_code}{' with Retry-After' * ('retry-after' in answer.headers)}"] += 1
    return answer.status_code != 429


async def ended(process: subprocess.Popen[str], client: httpx.AsyncClient) -> Seen:
    """What clients see whose questions are being answered when the server is told to end."""
    seen = Seen()
    asking = [asyncio.create_task(ask(client, seen, QUESTIONS[number % 4])) for number in range(IN_FLIGHT)]
    while len(seen.seconds) + await in_flight(client) < IN_FLIGHT:
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    await asyncio.gather(*asking)
    await asyncio.to_thread(process.wait)
    return seen


async def in_flight(client: httpx.AsyncClient) -> int:
    """Questions that are being answered or wait: what was only sent may not have been taken yet."""
    told = (await client.get("/metrics")).text
    return int(sum(map(float, re.findall(r"^footnote_questions{.*} (\S+)$", told, re.MULTILINE))))


def memory(process: subprocess.Popen[str]) -> float:
    """Resident megabytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found, os.uname().sysname
    return int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
