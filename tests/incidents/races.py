"""Sixteen people pressing at the same moment, again and again."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection

from activity.refusals import Conflict, broken_rule

THREADS = 16
Press = Callable[[int, int], object]  # the incident's id and the thread's number


def race(press: Press, pks: Sequence[int]) -> Counter[str]:
    """Every thread presses for every incident, all starting together on each."""
    barrier = threading.Barrier(THREADS)
    results: Counter[str] = Counter()
    lock = threading.Lock()

    def run(thread: int) -> None:
        try:
            for pk in pks:
                barrier.wait(timeout=120)
                result = outcome(press, pk, thread)
                with lock:
                    results[result] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def outcome(press: Press, pk: int, thread: int) -> str:  # noqa: PLR0911
    """``won``, or how it was lost; a fault of ours has a name of its own."""
    try:
        press(pk, thread)
    except Conflict:
        return "conflict"
    except PermissionDenied:
        return "not allowed"
    except ValidationError:
        return "asked again"
    except IntegrityError as error:
        return f"refused by {broken_rule(error) or 'a rule without a name'}"
    except OperationalError:
        return "deadlock"
    except Exception as error:  # noqa: BLE001 - what a browser would see as a 500
        return f"failed: {type(error).__name__}"
    return "won"
