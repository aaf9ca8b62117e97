"""Whatever comes is handed out in order, and nothing of it stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from incidents.replay.ordering import WIDTH, Item, spooled

ORDER = itemgetter(0, 1)
FILES = Path("/proc/self/fd")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
ITEMS = st.lists(
    st.tuples(
        st.text(max_size=2) | st.sampled_from(["2016", "2017"]),
        st.integers(-3, 10**12),
        st.lists(VALUES, max_size=3),
    )
)


def ties(count: int) -> list[Item]:
    """Items of which many have the same key and line: only the payload tells."""
    return [(str(n % 7), n % 3, [n]) for n in range(count)]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@given(ITEMS, st.integers(1, 12))
@hypothesis_settings(deadline=None, max_examples=150)
def test_any_items_in_chunks_of_any_size_come_out_sorted(
    items: list[Item], chunk: int
) -> None:
    with spooled(iter(items), chunk=chunk) as spool:
        assert spool.count == len(items)
        assert list(spool.items()) == sorted(items, key=ORDER)


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_equal_keys_and_lines_keep_the_order_in_which_they_came(chunk: int) -> None:
    items = ties(WIDTH * 5 + 1)
    with spooled(items, chunk=chunk) as spool:
        assert list(spool.items()) == sorted(items, key=ORDER)


@pytest.mark.parametrize("skip", [0, 1, 9, 29, 30, 31])
def test_reading_begins_where_it_is_told_to(skip: int) -> None:
    items = ties(30)
    with spooled(items, chunk=4) as spool:
        assert list(spool.items(skip=skip)) == sorted(items, key=ORDER)[skip:]


def test_two_readings_at_once_do_not_disturb_each_other() -> None:
    items = ties(5_000)
    expected = sorted(items, key=ORDER)
    with spooled(items, chunk=900) as spool:
        both = list(zip(spool.items(), spool.items(skip=10), strict=False))
    assert both == list(zip(expected, expected[10:], strict=False))


def test_nothing_is_a_spool_of_none() -> None:
    with spooled([]) as spool:
        assert spool.count == 0
        assert list(spool.items()) == []


@pytest.mark.parametrize("chunk", [0, -1])
def test_a_chunk_that_holds_nothing_is_refused_before_items_are_lost(
    chunk: int,
) -> None:
    items = iter(ties(3))
    with pytest.raises(ValueError, match="one item"), spooled(items, chunk=chunk):
        pass
    assert len(list(items)) == 3


def test_what_the_source_raises_rises_before_anything_is_handed_out(
    temporary: Path,
) -> None:
    def broken() -> Iterator[Item]:
        yield from ties(10)
        raise LookupError("the rest is missing")

    reached = False
    with pytest.raises(LookupError, match="the rest"), spooled(broken(), chunk=3):
        reached = True
    assert not reached
    assert not list(temporary.iterdir())


def test_no_file_has_a_name_while_it_is_used_or_after(temporary: Path) -> None:
    seen: list[Path] = []

    def watched() -> Iterator[Item]:
        for item in ties(10):
            seen.extend(temporary.iterdir())
            yield item

    with spooled(watched(), chunk=2) as spool:
        for _item in spool.items():
            seen.extend(temporary.iterdir())
    assert not seen
    assert not list(temporary.iterdir())


def test_what_is_raised_inside_closes_the_files_and_what_reads_them() -> None:
    items: Iterator[Item] = iter(())

    def fail() -> None:
        nonlocal items
        with spooled(ties(20_000), chunk=5_000) as spool:
            items = spool.items()
            next(items)
            raise LookupError("in the block")

    with pytest.raises(LookupError, match="in the block"):
        fail()
    with pytest.raises(ValueError, match="closed"):
        list(items)


def test_a_kill_leaves_no_file_behind(tmp_path: Path) -> None:
    script = (
        "import os, signal\n"
        "from incidents.replay.ordering import spooled\n"
        "items = [(str(n), n, []) for n in range(50)]\n"
        "with spooled(items, chunk=10) as spool:\n"
        "    print(next(spool.items()), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert killed.stdout == b"('0', 0, [])\n"
    assert killed.returncode == -signal.SIGKILL
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not FILES.exists(), reason="only Linux lists open files like this")
def test_the_number_of_open_files_has_an_end() -> None:
    before = len(list(FILES.iterdir()))
    with spooled(ties(WIDTH * 10), chunk=1) as spool:
        assert len(list(FILES.iterdir())) - before <= WIDTH
        assert spool.count == WIDTH * 10


def test_two_hundred_thousand_items_keep_a_chunk_in_memory() -> None:
    before, held = sys.getallocatedblocks(), []

    def watched(items: Iterable[Item]) -> Iterator[Item]:
        for n, item in enumerate(items):
            if n % 999 == 0:
                held.append(sys.getallocatedblocks() - before)
            yield item

    made = watched((str(n * 7919 % 100_003), n, []) for n in range(200_000))
    last = ""
    with spooled(made, chunk=2_000) as spool:
        for key, _line, _payload in watched(spool.items()):
            assert last <= key
            last = key
    assert spool.count == 200_000
    assert max(held) < 2_000 * 5 + WIDTH * 50
