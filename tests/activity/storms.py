"""Processes at work, and killed in the middle of it."""

import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from django.db import connection

from tests.activity import sweepers

Start = Callable[[int, Callable[[], int]], BaseProcess]


def drain(
    round_: Callable[[], int],
    *,
    processes: int,
    kills: int = 0,
    start: Start = sweepers.start,
    anywhere: bool = False,
    patience: float = 240,
) -> int:
    """Let processes work to the end, killing some of them inside transactions.

    With ``anywhere``, also between them. Returns how many were killed; each is
    replaced at once by one whose number is ``processes`` higher, so that ``start`` can
    give it the same part. It has to be over within ``patience`` seconds.
    """
    crew = {n: start(n, round_) for n in range(processes)}
    killed, dice = 0, random.Random(7)
    deadline = time.monotonic() + patience
    try:
        while killed < kills and any(process.is_alive() for process in crew.values()):
            assert time.monotonic() < deadline, "the storm does not end"
            for n, process in list(crew.items()):
                if killed < kills and killed_inside(
                    process, f"sweeper-{n}", dice, anywhere=anywhere
                ):
                    killed += 1
                    del crew[n]
                    crew[n + processes] = start(n + processes, round_)
        for process in crew.values():
            process.join(max(0.0, deadline - time.monotonic()))
            assert process.exitcode == 0
    finally:
        for process in crew.values():
            process.kill()
    return killed


def killed_inside(
    process: BaseProcess, name: str, dice: random.Random, *, anywhere: bool
) -> bool:
    """Kill the process if it is in the middle of a transaction just now.

    Only some sightings are taken, or it would always be the very first transaction.
    """
    if not process.is_alive() or process.pid is None:
        return False
    with sweepers.stopped_inside_a_transaction(process, name) as inside:
        is_at_work = inside or (anywhere and is_connected(name))
        kill = is_at_work and dice.random() < (0.02 if anywhere else 0.25)
        if kill:
            os.kill(process.pid, signal.SIGKILL)
            process.join()
    return kill


def is_connected(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name]
        )
        found: int = cursor.fetchone()[0]
    return found == 1
