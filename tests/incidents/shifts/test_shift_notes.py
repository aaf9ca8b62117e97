"""A word to the next shift: the team's own, kept, and taken away only as a text."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Team, User
from activity import clock
from incidents import services
from incidents.models import ShiftNote
from incidents.models.shift_note import LONGEST_SHIFT_NOTE
from tests.incidents.shifts.words import TEXT, seen_by, written
from tests.people import Cast


def waiting(user: User) -> list[ShiftNote]:
    fresh = User.objects.get(pk=user.pk)
    visible = ShiftNote.objects.visible_to(fresh)
    return list(visible.waiting_for(fresh, clock.now()))


def test_it_waits_for_colleagues_and_not_for_its_author(cast: Cast) -> None:
    note = written(cast)
    assert waiting(cast.cy) == waiting(cast.lea) == [note]
    assert waiting(cast.bo) == []


def test_only_the_team_reads_it(cast: Cast) -> None:
    theirs = written(cast, by=cast.ned, team=cast.network)
    ours = written(cast)
    readers: dict[str, list[ShiftNote]] = {
        name: list(ShiftNote.objects.visible_to(getattr(cast, name)))
        for name in ("ann", "bo", "ned", "ute", "max", "ida", "zed")
    }
    assert readers.pop("bo") == [ours]
    assert readers.pop("ned") == [theirs]
    assert set(map(tuple, readers.values())) == {()}


def test_one_press_and_it_no_longer_waits(cast: Cast) -> None:
    note = written(cast)
    services.see_shift_note(note.pk, by=cast.cy)
    services.see_shift_note(note.pk, by=cast.cy)
    assert waiting(cast.cy) == []
    assert waiting(cast.lea) == [note]
    assert seen_by(note) == [cast.cy]


def test_to_have_written_it_is_to_have_seen_it(cast: Cast) -> None:
    note = written(cast)
    services.see_shift_note(note.pk, by=cast.bo)
    assert seen_by(note) == []


def test_after_two_weeks_it_is_only_in_the_list(cast: Cast) -> None:
    with clock.frozen_at(clock.now() - timedelta(days=15)):
        note = written(cast)
    assert waiting(cast.cy) == []
    assert list(ShiftNote.objects.visible_to(cast.cy)) == [note]


@pytest.mark.parametrize("name", ["ned", "ann", "max", "ida", "zed"])
def test_who_is_not_in_the_team_neither_writes_nor_marks(name: str, cast: Cast) -> None:
    stranger, note = getattr(cast, name), written(cast)
    with pytest.raises(PermissionDenied):
        written(cast, by=stranger)
    for act in (services.see_shift_note, services.redact_shift_note):
        with pytest.raises(ShiftNote.DoesNotExist):
            act(note.pk, by=stranger)


def test_the_same_form_sent_twice_is_one_word(cast: Cast) -> None:
    number = uuid4()
    given: dict[str, Any] = {"by": cast.bo, "text": TEXT, "submission": number}
    first = services.write_shift_note(cast.desk, **given)
    assert services.write_shift_note(cast.desk, **given) == first
    assert ShiftNote.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_SHIFT_NOTE + 1)])
def test_it_says_something_and_not_too_much(text: str, cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        written(cast, text=text)
    assert list(caught.value.message_dict) == ["text"]


@pytest.mark.parametrize("name", ["bo", "lea"])
def test_author_and_lead_take_the_text_away_for_good(name: str, cast: Cast) -> None:
    by, note = getattr(cast, name), written(cast)
    services.redact_shift_note(note.pk, by=by)
    services.redact_shift_note(note.pk, by=cast.lea)
    found = ShiftNote.objects.get(pk=note.pk)
    assert (found.text, found.redacted_by, found.by) == ("", by, cast.bo)
    assert found.redacted_at is not None
    assert waiting(cast.cy) == []


def test_a_colleague_does_not_take_it_away(cast: Cast) -> None:
    note = written(cast)
    with pytest.raises(PermissionDenied):
        services.redact_shift_note(note.pk, by=cast.cy)
    assert ShiftNote.objects.get(pk=note.pk).text == TEXT


def test_who_left_the_team_no_longer_reads_what_they_wrote(cast: Cast) -> None:
    note = written(cast, by=cast.ned, team=cast.network)
    cast.ned.memberships.all().delete()
    gone = User.objects.get(pk=cast.ned.pk)
    with pytest.raises(ShiftNote.DoesNotExist):
        services.redact_shift_note(note.pk, by=gone)


def test_the_list_takes_three_questions(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for _number in range(5):
        services.see_shift_note(written(cast).pk, by=cast.cy)
    reader = User.objects.get(pk=cast.lea.pk)
    with django_assert_num_queries(3):  # who they are; the words; who saw them
        for note in ShiftNote.objects.visible_to(reader).for_list():
            assert [note.by.name, note.team.name]
            assert [each.by.name for each in note.seen.all()] == ["Cy Cole"]


def test_a_dissolved_team_has_no_next_shift(cast: Cast) -> None:
    Team.objects.filter(pk=cast.network.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        written(cast, by=User.objects.get(pk=cast.ned.pk), team=cast.network)
