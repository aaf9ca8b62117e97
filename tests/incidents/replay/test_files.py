"""A whole log is read to its end; a damaged one ends with one clear sentence."""

import csv
import gzip
import hashlib
import io
import lzma
import os
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from incidents.replay.files import LONGEST, DamagedFile, Row, digest_of, rows

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
SERVICENOW = DATA / "uci_incidents" / "incident_event_log.dev.csv.xz"
VINST = DATA / "bpic2013_volvo" / "incidents.dev.csv.xz"
MADE_UP = "number,state,group,place\n" + "".join(
    f"INC{n},Active,Group {n % 7},Köln {n}\n" for n in range(1, 41)
)
FILES = Path("/proc/self/fd")
COPY = " copy it again."

Place = Callable[[bytes], Path]


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"the public log {path.name} is not here")
    return path


def first_lines(path: Path) -> bytes:
    with lzma.open(path) as lines:
        return b"".join(islice(lines, 41))


@pytest.fixture(params=["made up", "ServiceNow", "VINST"])
def log(request: pytest.FixtureRequest) -> bytes:
    """A header and 40 rows."""
    if request.param == "made up":
        return MADE_UP.encode()
    path = SERVICENOW if request.param == "ServiceNow" else VINST
    return first_lines(needs(path))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    def write(content: bytes) -> Path:
        path = tmp_path / "log"
        path.write_bytes(content)
        return path

    return write


def header(log: bytes) -> list[str]:
    return log.split(b"\n", 1)[0].decode().split(",")


def complaint(path: Path, columns: list[str]) -> str:
    """The one sentence, which never hides another exception."""
    with pytest.raises(DamagedFile) as caught:
        list(rows(path, columns))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "%(" not in sentence
    return sentence


def taken(path: Path, *columns: str) -> list[Mapping[str, str] | None]:
    return [row.values for row in rows(path, columns)]


@pytest.mark.parametrize(
    ("path", "count", "digest"),
    [
        (
            SERVICENOW,
            99_291,
            "7522c07db38dadf6a0df3176e060a82023c1f26650063af10e32b2fd3763b82a",
        ),
        (
            VINST,
            45_630,
            "e7e281ba97167e84402bd56670f712234a16a11c99f3a6f830667d400ca8b125",
        ),
    ],
)
def test_a_public_log_is_read_to_its_end(path: Path, count: int, digest: str) -> None:
    columns = header(first_lines(needs(path)))
    seen = 0
    for seen, row in enumerate(rows(path, columns), start=1):
        assert row.line == seen + 1
        assert row.values is not None
        assert len(row.values) == row.found == len(columns)
    assert seen == count
    assert digest_of(path) == digest


@pytest.mark.parametrize(
    "pack", [bytes, lzma.compress, lambda log: b"\xef\xbb\xbf" + log]
)
def test_plain_packed_or_with_a_mark_it_is_the_same_rows(
    log: bytes, pack: Callable[[bytes], bytes], place: Place
) -> None:
    expected = list(csv.DictReader(io.StringIO(log.decode())))
    assert taken(place(pack(log)), *header(log)) == expected


def test_packed_or_not_and_in_how_many_parts_it_is_the_same_import(
    log: bytes, place: Place
) -> None:
    parts = lzma.compress(log[:99]) + b"\0" * 8 + lzma.compress(log[99:]) + b"\0" * 4
    for content in [log, lzma.compress(log), parts]:
        assert digest_of(place(content)) == hashlib.sha256(log).hexdigest()
    assert taken(place(parts), *header(log)) == taken(place(log), *header(log))


def test_reading_changes_nothing(log: bytes, place: Place) -> None:
    path = place(lzma.compress(log))
    before = path.read_bytes(), path.stat().st_mtime_ns
    list(rows(path, header(log)))
    digest_of(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]


def test_columns_come_in_any_order_and_unknown_ones_are_handed_out(
    place: Place,
) -> None:
    path = place(b"x, b ,a\n1,2,3\n")
    assert taken(path, "a", "b") == [{"x": "1", "b": "2", "a": "3"}]


def test_values_lose_the_white_space_around_them(place: Place) -> None:
    path = place('a,b\r\n  1\t,"\n two  words \r\n"\r\n\xa0,\r\n'.encode())
    assert taken(path, "a", "b") == [{"a": "1", "b": "two  words"}, {"a": "", "b": ""}]


def test_a_row_knows_its_line_whatever_stands_between(place: Place) -> None:
    path = place(
        b'\r\na,b\r\n1,"x\r\ny, ""z"""\r\n\r\n   \n2,\xe2\x80\xa8\n3,\x0b\x0c4'
    )
    assert [(row.line, row.values) for row in rows(path, ["a", "b"])] == [
        (3, {"a": "1", "b": 'x\r\ny, "z"'}),
        (7, {"a": "2", "b": ""}),
        (8, {"a": "3", "b": "4"}),
    ]


def test_a_row_with_a_wrong_number_of_values_does_not_end_the_run(
    place: Place,
) -> None:
    path = place(b"a,b,c\n1,2\n1,2,3,4\n1,2,3\n1\n1,2,3")
    assert list(rows(path, ["a"])) == [
        Row(2, None, 2),
        Row(3, None, 4),
        Row(4, {"a": "1", "b": "2", "c": "3"}, 3),
        Row(5, None, 1),
        Row(6, {"a": "1", "b": "2", "c": "3"}, 3),
    ]


def test_a_last_row_with_too_many_values_is_not_cut(place: Place) -> None:
    assert list(rows(place(b"a,b\n1,2,3"), ["a"])) == [Row(2, None, 3)]


def test_a_header_alone_is_a_log_without_rows(log: bytes, place: Place) -> None:
    assert list(rows(place(log.split(b"\n")[0]), header(log))) == []


@pytest.mark.parametrize("content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("pack", [bytes, lzma.compress])
def test_an_empty_file_is_called_empty(
    content: bytes, pack: Callable[[bytes], bytes], place: Place
) -> None:
    sentence = "The file is empty; export or copy it again."
    assert complaint(place(pack(content)), ["a"]) == sentence


def test_a_file_that_is_not_there_or_none_says_so(tmp_path: Path) -> None:
    missing = tmp_path / "log.csv"
    assert complaint(missing, ["a"]) == (f"There is no file {missing}; check its name.")
    assert complaint(tmp_path, ["a"]) == (
        f"{tmp_path} is a folder or a device; give the name of a file."
    )
    os.mkfifo(tmp_path / "pipe")
    assert "is a folder or a device" in complaint(tmp_path / "pipe", ["a"])
    assert "cannot be read (" in complaint(tmp_path / ("x" * 300), ["a"])
    no_utf_8 = tmp_path / os.fsdecode(b"\xff")
    assert f"{tmp_path}/\ufffd; check" in complaint(no_utf_8, ["a"])
    with pytest.raises(DamagedFile, match="There is no file"):
        digest_of(missing)


def test_a_file_that_may_not_be_read_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = place(b"a\n1\n")
    monkeypatch.setattr(Path, "open", forbidden)
    assert complaint(path, ["a"]) == (
        f"The file {path} may not be read; allow the user that runs this to read it."
    )


@pytest.mark.parametrize(
    ("delimiter", "name"),
    [(b";", "semicolons"), (b"\t", "tabs"), (b"|", "vertical bars")],
)
def test_a_wrong_delimiter_is_named(
    log: bytes, delimiter: bytes, name: str, place: Place
) -> None:
    path = place(log.replace(b",", delimiter))
    assert complaint(path, header(log)) == (
        f"The columns are separated by {name}, but commas are expected;"
        " save the file again with commas."
    )


def test_what_is_not_utf_8_is_told_with_its_line(log: bytes, place: Place) -> None:
    lines = log.split(b"\n")
    lines[6] = "Zürich".encode("latin-1") + lines[6]
    sentence = "Line %d is not UTF-8; save the file as UTF-8 and use that file."
    assert complaint(place(b"\n".join(lines)), header(log)) == sentence % 7
    utf_16 = log.decode().encode("utf-16")
    assert complaint(place(utf_16), header(log)) == sentence % 1


def test_missing_columns_are_named_up_to_five(log: bytes, place: Place) -> None:
    names = header(log)
    first = log.replace(names[0].encode(), b"x", 1)
    assert complaint(place(first), names) == (
        f"The column {names[0]} is missing; export the log with all its columns."
    )
    expected = ["a", "b", "c", "d", "e", "f", "g"]
    assert "columns a, b, c, d, e and 2 more are" in complaint(place(log), expected)


def test_doubled_columns_are_named(log: bytes, place: Place) -> None:
    names = header(log)
    doubled = log.replace(b",", f",{names[0]},".encode(), 1)
    assert complaint(place(doubled), names) == (
        f"The column {names[0]} is there more than once; remove what is too many."
    )
    assert "a, (no name), " + "x" * 60 + " are there" in complaint(
        place(b"a,, ,a," + b"x" * 99 + b"," + b"x" * 99), ["a"]
    )


def test_a_zero_byte_is_damage(log: bytes, place: Place) -> None:
    lines = log.split(b"\n")
    lines[2] += b"\0"
    assert complaint(place(b"\n".join(lines)), header(log)) == (
        "The file is damaged: line 3 has a zero byte, as no text has;"
        " copy or export it again."
    )


def zipped(log: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("log.csv", log)
    return file.getvalue()


@pytest.mark.parametrize("pack", [zipped, gzip.compress])
@pytest.mark.parametrize("again", [bytes, lzma.compress])
def test_another_packing_is_named(
    log: bytes,
    pack: Callable[[bytes], bytes],
    again: Callable[[bytes], bytes],
    place: Place,
) -> None:
    assert complaint(place(again(pack(log))), header(log)) == (
        "The file is a zip, gzip or Excel file, not a CSV file;"
        " unpack it or save it as CSV."
    )


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"],
)
def test_what_is_no_text_is_called_so(content: bytes, place: Place) -> None:
    assert complaint(place(content), ["a"]) == (
        "The file is not a text file; export the log as CSV and use that file."
    )


def test_a_plain_file_cut_within_a_row_says_where(log: bytes, place: Place) -> None:
    columns = header(log)
    whole = log.rstrip(b"\n")
    last = whole.rindex(b"\n") + 1
    for end in range(last + 1, whole.rindex(b",") + 1):
        assert complaint(place(whole[:end]), columns) == (
            f"The file ends in the middle of line 41;{COPY}"
        )


@pytest.mark.parametrize(
    "rest", [b'"', b'1,"', b'1,"x', b'1,"x\n', b'1,"x\ny\n', b'"1']
)
def test_a_file_cut_within_quotes_says_where_they_began(
    rest: bytes, place: Place
) -> None:
    sentence = f"The file ends in the middle of line 3;{COPY}"
    assert complaint(place(b"a,b\n1,2\n" + rest), ["a", "b"]) == sentence


def test_an_unfinished_header_is_damage(place: Place) -> None:
    assert complaint(place(b'a,"b'), ["a", "b"]) == (
        f"The file ends in the middle of line 1;{COPY}"
    )


@pytest.mark.parametrize("second", [b"1\r2,3\n", b'1,"' + b"x\n" * 100_000])
def test_what_is_not_csv_says_so(second: bytes, place: Place) -> None:
    assert complaint(place(b"a,b\n" + second + b"3,4\n"), ["a", "b"]) == (
        "Line 2 is not CSV, for a value does not end or a line break stands"
        " outside of quotes; export the file again."
    )


def drained(source: Iterator[Row]) -> tuple[list[Row], str]:
    """What came before the damage, and the damage."""
    seen = []
    try:
        for row in source:
            seen.append(row)  # noqa: PERF402 - what came before it raised counts
    except DamagedFile as damage:
        return seen, str(damage)
    return seen, ""


def broken_at(count: int) -> list[str]:
    """What may be said after so many rows: the header may be there or not."""
    return [
        f"The packed file is damaged or was cut off at line {line};{COPY}"
        for line in ([count + 2] if count else [1, 2])
    ]


def test_a_packed_file_cut_anywhere_is_damaged_and_nothing_else(
    log: bytes, place: Place
) -> None:
    packed = lzma.compress(log)
    whole = list(rows(place(packed), header(log)))
    for end in range(1, len(packed)):
        path = place(packed[:end])
        seen, damage = drained(rows(path, header(log)))
        assert seen == whole[: len(seen)]
        assert damage in broken_at(len(seen))
        with pytest.raises(DamagedFile) as caught:
            digest_of(path)
        assert str(caught.value) == damage


def test_a_public_log_cut_anywhere_is_damaged_after_whole_rows(place: Place) -> None:
    packed = needs(VINST).read_bytes()
    columns = header(first_lines(VINST))
    whole = list(islice(rows(VINST, columns), 15_000))
    for end in range(1, 100_000, 9_973):
        seen, damage = drained(rows(place(packed[:end]), columns))
        assert seen == whole[: len(seen)]
        assert damage in broken_at(len(seen))
    assert len(seen) > 1_000


def test_a_broken_second_part_is_not_taken_for_the_end(place: Place) -> None:
    first, second = lzma.compress(b"a,b\n1,2\n"), lzma.compress(b"3,4\n")
    broken = place(first + b"\xfe" + second[1:])
    assert [complaint(broken, ["a"])] == broken_at(1)
    with pytest.raises(DamagedFile, match="at line 3"):
        digest_of(broken)


@given(st.data())
@hypothesis_settings(deadline=None, max_examples=100)
def test_one_changed_byte_in_a_packed_file_never_passes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    packed = bytearray(lzma.compress(MADE_UP.encode()))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "changed.csv.xz"
    path.write_bytes(packed)
    assert drained(rows(path, header(MADE_UP.encode())))[1]


@given(st.binary(max_size=300) | st.text('a,b"\n\r;\0é ').map(str.encode))
@hypothesis_settings(deadline=None, max_examples=100)
def test_whatever_the_bytes_are_there_are_rows_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "anything"
    for bytes_ in [content, b"a,b\n" + content, lzma.compress(b"a,b\n" + content)]:
        path.write_bytes(bytes_)
        seen, _damage = drained(rows(path, ["a", "b"]))
        assert all(row.values is None or len(row.values) == row.found for row in seen)


def peak_of(path: Path, columns: list[str]) -> tuple[int, int, str]:
    """The memory that reading took, the number of rows, and the damage."""
    count, damage = 0, ""
    tracemalloc.start()
    try:
        for _row in rows(path, columns):
            count += 1
    except DamagedFile as error:
        damage = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak, count, damage


@pytest.mark.parametrize("pack", [bytes, lzma.compress])
@pytest.mark.parametrize("before", [b"", b"a,b\n1,2\n", b'a,b\n1,2\n1,"'])
def test_a_line_of_a_hundred_megabytes_ends_without_being_held(
    pack: Callable[[bytes], bytes], before: bytes, tmp_path: Path
) -> None:
    path, piece = tmp_path / "long.csv", pack(b"x" * 1024 * 1024)
    with path.open("wb") as file:
        file.write(pack(before))
        for _time in range(100):
            file.write(piece)
    peak, _count, damage = peak_of(path, ["a", "b"])
    assert damage == (
        f"Line {3 if before else 1} is longer than 1 MiB;"
        " check that the file is a log in CSV and export it again."
    )
    assert peak < 16 * LONGEST  # half of it is what xz itself needs to unpack


def test_a_row_of_many_long_lines_ends_without_being_held(place: Place) -> None:
    path = place(b"a,b\n" + b'1,"' + (b"x" * 99 + b'\n","') * 200_000)
    peak, _count, damage = peak_of(path, ["a", "b"])
    assert damage.startswith("Line 2 is longer than 1 MiB;")
    assert peak < 8 * LONGEST


def test_two_hundred_thousand_rows_need_the_memory_of_one(place: Place) -> None:
    path = place(b"a,b\n" + b'1,"two\nlines"\n' * 200_000)
    before, most = sys.getallocatedblocks(), 0
    for count, _row in enumerate(rows(path, ["a", "b"]), start=1):
        if count % 1_000 == 0:
            most = max(most, sys.getallocatedblocks())
    assert count == 200_000
    assert most - before < 1_000


@pytest.mark.skipif(not FILES.exists(), reason="only Linux lists open files like this")
def test_a_reader_who_stops_leaves_no_file_open(log: bytes, place: Place) -> None:
    path = place(log)
    reading = rows(path, header(log))
    next(reading)
    assert path in {file.resolve() for file in FILES.iterdir()}
    del reading
    assert path not in {file.resolve() for file in FILES.iterdir()}
