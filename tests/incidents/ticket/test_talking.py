"""Replies and notes: to whom they go, what is kept when something goes wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents import services
from incidents.models import Incident
from incidents.timeline import public_timeline
from tests.incidents import stories
from tests.incidents.files.samples import EXE, PNG
from tests.incidents.ticket.conftest import As, address, words
from tests.people import Cast

TEXT = "We look <i>into</i> it."
SHOWN = "We look &lt;i&gt;into&lt;/i&gt; it."
FIELD = {"reply": "message", "note": "text"}


def overtaken(cast: Cast, incident: Incident) -> None:
    services.answer_desk(incident.pk, by=cast.ann, message="It is the other printer.")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def public_words(incident: Incident) -> str:
    return str([entry.words for entry in public_timeline(incident)])


def test_a_reply_reaches_the_reporter(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {"message": TEXT, "version": incident.version}
    response = window("bo").post(address("reply", incident), sent, follow=True)
    assert "Your reply to Ann Archer is sent." in words(response)
    assert TEXT in public_words(incident)


def test_a_note_never_reaches_the_reporter(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {"text": TEXT, "version": incident.version}
    window("bo").post(address("note", incident), sent)
    assert SHOWN in words(window("bo").get(address("ticket", incident)))
    assert TEXT not in public_words(incident)


@pytest.mark.parametrize("name", FIELD)
def test_an_empty_one_is_shown_again_in_its_own_box(
    name: str, window: As, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    response = window("bo").post(
        address(name, incident), {FIELD[name]: "", "version": incident.version}
    )
    assert response.status_code == 200
    shown = words(response)
    assert "There is a problem" in shown
    box = shown.split(f'id="{name}" name="composer"')[1]
    assert box.startswith(" open")


@pytest.mark.parametrize("name", FIELD)
def test_looking_at_a_box_opens_it_and_changes_nothing(
    name: str, window: As, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    response = window("bo").get(address(name, incident), follow=True)
    assert f'id="{name}" name="composer" open' in words(response)
    assert stories.again(incident).version == incident.version


@pytest.mark.parametrize("name", FIELD)
def test_nothing_goes_out_over_news_that_nobody_saw(
    name: str, window: As, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    overtaken(cast, incident)
    bo = window("bo")
    sent = {FIELD[name]: TEXT, "version": incident.version}
    response = bo.post(address(name, incident), sent)
    assert response.status_code == 409
    shown = words(response)
    assert "It is the other printer." in shown
    assert SHOWN in shown
    assert stories.again(incident).version == incident.version + 1
    sent["version"] = incident.version + 1
    assert bo.post(address(name, incident), sent).status_code == 302


@pytest.mark.parametrize("name", FIELD)
def test_one_may_go_on_writing_after_the_news(
    name: str, window: As, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    sent = {FIELD[name]: TEXT, "version": incident.version, "edit": "1"}
    response = window("bo").post(address(name, incident), sent)
    assert response.status_code == 200
    assert SHOWN in words(response)
    assert "There is a problem" not in words(response)
    assert stories.again(incident).version == incident.version


def test_a_reply_after_the_end_can_become_a_note(window: As, cast: Cast) -> None:
    incident = stories.confirmed(cast)
    services.close_incident(incident.pk, by=cast.cy, expected_version=None)
    bo = window("bo")
    sent = {"message": TEXT, "version": incident.version}
    response = bo.post(address("reply", incident), sent)
    assert response.status_code == 409
    shown = words(response)
    assert "Cy Cole closed it." in shown
    assert "Send anyway" not in shown
    assert "readonly" in shown
    assert "Save it as an internal note" in shown
    note = {"text": TEXT, "version": incident.version + 1}
    assert bo.post(address("note", incident), note).status_code == 302


@pytest.mark.parametrize("name", FIELD)
def test_who_only_reads_does_not_write(name: str, window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    incident.holdings.create(team=cast.network)
    sent = {FIELD[name]: TEXT, "version": incident.version}
    response = window("ned").post(address(name, incident), sent)
    assert response.status_code == 403
    shown = words(response)
    assert SHOWN in shown
    assert "Bo Berg" in shown
    assert stories.again(incident).version == incident.version


def test_a_text_that_is_too_long_is_kept(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {"message": "x" * 10_001, "version": incident.version}
    response = window("bo").post(address("reply", incident), sent)
    assert "Shorten this to 10000 characters" in words(response)
    assert "x" * 10_001 in words(response)


def test_a_file_goes_with_the_reply(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {
        "message": TEXT,
        "version": incident.version,
        "files": upload("till.png", PNG),
    }
    assert window("bo").post(address("reply", incident), sent).status_code == 302
    row = incident.attachments.get()
    assert (row.name, row.public) == ("till.png", True)


def test_a_file_of_a_note_stays_inside(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {"text": TEXT, "version": incident.version, "files": upload("a.png", PNG)}
    window("bo").post(address("note", incident), sent)
    assert incident.attachments.get().public is False


def test_a_good_file_survives_an_empty_text(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    bo = window("bo")
    sent = {"message": "", "version": incident.version, "files": upload("a.png", PNG)}
    shown = words(bo.post(address("reply", incident), sent))
    kept = shown.split('name="kept" value="')[1].split('"')[0]
    again = {"message": TEXT, "version": incident.version, "kept": kept}
    bo.post(address("reply", incident), again)
    assert incident.attachments.get().pk == int(kept)


def test_a_good_file_survives_the_news(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    overtaken(cast, incident)
    sent = {"message": TEXT, "version": incident.version, "files": upload("a.png", PNG)}
    shown = words(window("bo").post(address("reply", incident), sent))
    assert "1 file is kept and goes with it." in shown
    kept = shown.split('name="kept" value="')[1].split('"')[0]
    again = {"message": TEXT, "version": incident.version + 1, "kept": kept}
    assert window("bo").post(address("reply", incident), again).status_code == 302
    assert incident.attachments.get().pk == int(kept)


def test_a_bad_file_is_refused_in_words(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {"message": TEXT, "version": incident.version, "files": upload("a.exe", EXE)}
    response = window("bo").post(address("reply", incident), sent)
    assert response.status_code == 200
    assert SHOWN in words(response)
    assert not incident.attachments.exists()


def test_a_kept_file_can_be_taken_away(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    bo = window("bo")
    sent = {"message": "", "version": incident.version, "files": upload("a.png", PNG)}
    shown = words(bo.post(address("reply", incident), sent))
    kept = shown.split('name="kept" value="')[1].split('"')[0]
    again = {"message": TEXT, "version": incident.version, "kept": kept, "drop": kept}
    response = bo.post(address("reply", incident), again)
    assert response.status_code == 200
    assert SHOWN in words(response)
    assert f'name="kept" value="{kept}"' not in words(response)
    assert stories.again(incident).version == incident.version


@pytest.mark.parametrize("name", FIELD)
def test_a_stranger_writes_nowhere(name: str, window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    sent = {FIELD[name]: TEXT, "version": incident.version}
    assert window("zed").post(address(name, incident), sent).status_code == 404


def test_a_link_by_hand_is_removed_by_those_who_work_on_it(
    window: As, cast: Cast
) -> None:
    incident, other = stories.triaged(cast), stories.triaged(cast)
    services.link_incidents(incident.pk, by=cast.bo, to=other.pk, kind="related")
    link = incident.links_out.get()
    bo = window("bo")
    assert bo.get(address("unlink", incident)).status_code == 405
    stray = stories.triaged(cast)
    sent = {"link": link.pk}
    assert bo.post(address("unlink", stray), sent).status_code == 404
    assert bo.post(address("unlink", incident), {"link": "x"}).status_code == 400
    assert bo.post(address("unlink", incident), sent).status_code == 302
    assert not incident.links_out.exists()
