"""What ServiceNow's log says of its promises, beside our clocks of the same."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity.models import Note
from activity.services.notes import redact_note
from incidents import services
from incidents.clocks.made_sla import Comparison, LeftOut, compare_made_sla
from incidents.clocks.what_if import Supposition
from incidents.forms.supposing import SuppositionForm
from incidents.models import Clock, ImportedIncident, PolicyMatch
from sla.models import Calendar, Policy
from sla.wording import in_hours
from tests.incidents.replay import imported, made_sla_by_hand, whole
from tests.incidents.replay.imported import ACTIVE, ENDED, REPORTED
from tests.people import Cast

SMALL = whole.DATA / "servicenow.csv"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TARGETS = {"sev3": "9204", "sev4": "20736"}


def suppose(zone: str) -> Supposition:
    given = {"hours": "24x5", "stops_at": "closed", "on_reopen": "continue"}
    form = SuppositionForm(QueryDict(urlencode(TARGETS | given | {"zone": zone})))
    assert form.is_valid(), form.errors
    return form.supposition


def compared() -> Comparison:
    return compare_made_sla(suppose, at=NOW)


def agrees_with_the_file(path: Path) -> Comparison:
    """Every incident, its time to the minute and both verdicts, counted twice."""
    whole.bring_in(path)
    found, by_hand = compared(), made_sla_by_hand.judge(path)
    ours = {
        one.number: (one.severity, one.elapsed, one.is_missed, not one.was_missed)
        for one in found.compared
    }
    theirs = {
        number: (one.severity, one.counted, one.is_late, one.made)
        for number, one in by_hand.items()
    }
    assert ours == theirs
    return found


def share(found: Comparison) -> float:
    return sum(one.agrees for one in found.compared) / len(found.compared)


def test_a_small_log_is_judged_like_its_file_by_hand(cast: Cast) -> None:
    found = agrees_with_the_file(SMALL)
    assert len(found.compared) == 36
    assert share(found) == 1
    assert found.left_out == {LeftOut.UNPROMISED: 4}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)  # as the command: batch by batch
def test_the_whole_log_agrees_with_its_own_flags(cast: Cast) -> None:
    if not whole.SERVICENOW.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    found = agrees_with_the_file(whole.SERVICENOW)
    by_severity = {
        severity: Counter((one.is_missed, one.was_missed) for one in rows)
        for severity, rows in found.by_severity.items()
    }
    # As measured, and as docs/import.md says.
    assert by_severity == {
        3: {(True, True): 5816, (False, False): 10462, (True, False): 118}
        | {(False, True): 7},
        4: {(True, True): 86, (False, False): 460, (True, False): 1},
    }
    assert all(share(Comparison(rows)) >= 0.99 for rows in found.by_severity.values())
    assert share(found) >= 0.99


# ---- by hand


FRIDAY = datetime(2026, 3, 6, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def log(cast: Cast, number: str, *rows: Any, severity: int = 4) -> None:
    """An incident closed so many hours after a Friday evening; each row with its
    ``made_sla``, or none."""
    imported.taken(
        [
            imported.step(
                cast,
                state,
                line=line,
                number=number,
                first=FRIDAY,
                at=FRIDAY + hours * HOUR,
                severity=severity,
                extras=said_of(made),
            )
            for line, (hours, state, made) in enumerate(rows, start=2)
        ]
    )


def said_of(made: str) -> dict[str, str]:
    """What an import keeps: ``?`` is a row that has other values, but not this."""
    return {"made_sla": made} if made in {"true", "false"} else {"notify": made}


def closed_after(cast: Cast, number: str, hours: float, made: str, **row: Any) -> None:
    log(cast, number, (0, REPORTED, "true"), (hours, ENDED, made), **row)


def test_the_four_ways_to_agree_and_disagree(cast: Cast) -> None:
    # SEV3 has 153.4 h: six on Friday, 120 in the week, 27.4 from Monday on.
    until = 6 + 48 + 120 + 48 + 27.4
    closed_after(cast, "INC1", until, "true", severity=3)
    closed_after(cast, "INC2", until + 1, "false", severity=3)
    closed_after(cast, "INC3", until + 1, "true", severity=3)
    closed_after(cast, "INC4", 1, "false")
    found = {
        one.number: (one.elapsed / HOUR, one.is_missed, one.was_missed)
        for one in compared().compared
    }
    assert found == {
        "INC1": (153.4, False, False),
        "INC2": (154.4, True, True),
        "INC3": (154.4, True, False),
        "INC4": (1, False, True),
    }
    assert [one.number for one in compared().disagreements] == ["INC3", "INC4"]


def test_the_last_row_says_whether_it_was_in_time(cast: Cast) -> None:
    """Also where it says what the row before it said, and so has no note; and what is
    missing stays as it was."""
    log(cast, "INC1", (0, ACTIVE, "true"), (1, ENDED, "false"), (2, ENDED, "false"))
    log(cast, "INC2", (0, ACTIVE, "true"), (1, ENDED, "false"), (2, ENDED, "?"))
    assert [one.was_missed for one in compared().compared] == [True, True]


def test_what_cannot_be_compared_is_left_out_and_counted(cast: Cast) -> None:
    log(cast, "INC1", (0, REPORTED, "true"), (1, ACTIVE, "true"))
    log(cast, "INC2", (0, REPORTED, ""), (1, ENDED, ""))
    closed_after(cast, "INC3", 1, "true", severity=1)
    found = compared()
    assert found.compared == []
    assert found.left_out == dict.fromkeys(LeftOut, 1)


def test_what_people_here_went_on_with_is_left_out(cast: Cast) -> None:
    closed_after(cast, "INC1", 1, "true")
    incident = ImportedIncident.objects.get(number="INC1").incident
    services.reopen_incident(
        incident.pk,
        by=cast.bo,
        complaint="It is back.",
        at=FRIDAY + 2 * HOUR,
    )
    assert compared().left_out == {LeftOut.OPEN: 1}


def test_what_was_closed_here_is_left_out(cast: Cast) -> None:
    imported.closed_here(cast)
    assert compared().left_out == {LeftOut.OPEN: 1}


def test_an_emptied_note_says_nothing_and_no_older_one_speaks_for_it(
    cast: Cast,
) -> None:
    closed_after(cast, "INC1", 1, "false")
    note = Note.objects.filter(name="unmapped").order_by("event__seq").last()
    assert note is not None
    redact_note(note.pk, by=cast.ida, reason_code="privacy")
    assert compared().left_out == {LeftOut.UNSAID: 1}


def test_comparing_writes_nothing_and_asks_by_hundreds(cast: Cast) -> None:
    for number in range(3):
        closed_after(cast, f"INC{number}", 1, "true")
    with CaptureQueriesContext(connection) as asked:
        compared()
    # Teams, the incidents, their notes, their events.
    verbs = [one["sql"].split()[0] for one in asked]
    assert sorted(verbs) == ["DECLARE", "SELECT", "SELECT", "SELECT"]


# ---- the command


def said(**options: Any) -> str:
    out = StringIO()
    call_command("compare_made_sla", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_the_figures_and_links_that_explain(
    cast: Cast, settings: Any
) -> None:
    settings.SITE_URL = "https://desk.example.com"
    whole.bring_in(SMALL)
    told = said()
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines()[1:4]}
    assert rows == {
        "SEV3": ["30", "30", "100.00", "%", "9", "21", "0", "0"],
        "SEV4": ["6", "6", "100.00", "%", "3", "3", "0", "0"],
        "all": ["36", "36", "100.00", "%", "12", "24", "0", "0"],
    }
    assert "4 not compared: Nothing is supposed for its severity." in told
    assert "0 disagree" in told
    # With other targets some disagree, and each has the page that says why.
    told = said(sev3=5000.0)
    assert "9 disagree; the first 9 of them:" in told
    line = told.splitlines()[-1]
    assert "of 5000 h: in time here, late there" in line
    address = line.split()[-1]
    assert address.startswith("https://desk.example.com/tickets/")
    client = Client()
    client.force_login(cast.bo)
    text = client.get(address.removeprefix("https://desk.example.com")).content.decode()
    one = next(
        found for found in compared().compared if f"/{found.incident}/" in address
    )
    assert f"<strong>{in_hours(one.elapsed)}</strong>" in text
    assert "5000 h" in text


def test_the_list_ends_where_it_shall(cast: Cast) -> None:
    whole.bring_in(SMALL)
    told = said(sev3=5000.0, limit=2)
    assert "9 disagree; the first 2 of them:" in told
    assert told.count("/what-if/") == 2
    assert said(sev3=5000.0, limit=0).count("/what-if/") == 0


def test_the_command_makes_no_promise(cast: Cast) -> None:
    whole.bring_in(SMALL)
    before = Policy.objects.count(), Calendar.objects.count()
    said()
    assert (Policy.objects.count(), Calendar.objects.count()) == before
    assert not Clock.objects.exists()
    assert not PolicyMatch.objects.exists()


def test_without_an_import_or_with_nonsense_it_says_so(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Nothing was brought in"):
        said()
    whole.bring_in(SMALL)
    with pytest.raises(CommandError, match="at least one severity"):
        said(sev3=0.0, sev4=0.0)
