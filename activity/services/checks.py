"""What is proved once a night, and how it came out."""

import time
from collections.abc import Callable, Iterable
from itertools import islice

from activity import clock
from activity.models import Check, Finding

NIGHTLY_HISTORY = "nightly_history"
NIGHTLY_CLOCKS = "nightly_clocks"
COUNTED = 1000

Proof = Callable[[], tuple[int, Iterable[object]]]


def prove(name: str, proof: Proof) -> Finding:
    """Run a nightly proof and write down how it came out.

    ``proof`` returns how many things it looks at, and each difference that it finds.
    The first difference is named, a thousand are counted. A proof that breaks off is
    written down as bad, and its error goes on.
    """
    began = time.monotonic()
    try:
        looked_at, found = proof()
        differences = [str(difference) for difference in islice(found, COUNTED)]
    except Exception as error:
        _write(name, Check.State.BAD, {"error": type(error).__name__}, began)
        raise
    detail: dict[str, object] = {"count": looked_at, "differences": len(differences)}
    if differences:
        detail["first"] = differences[0][:300]
    state = Check.State.BAD if differences else Check.State.OK
    return _write(name, state, detail, began)


def _write(
    name: str, state: Check.State, detail: dict[str, object], began: float
) -> Finding:
    seconds = round(time.monotonic() - began, 1)
    finding = Finding(name, state, detail | {"seconds": seconds})
    Check.objects.write([finding], at=clock.now())
    return finding
