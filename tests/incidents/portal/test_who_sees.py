"""What is another's is as if it were not there; who reads along only reads."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from activity import clock
from incidents import services
from incidents.models import Attachment, Incident, Share
from tests.incidents import stories
from tests.incidents.files.samples import PNG
from tests.incidents.portal.browsing import (
    PAGES,
    ClientOf,
    picture,
    report_form,
    text_of,
    to,
)
from tests.people import Cast

VARIES = {"X-Request-ID", "Set-Cookie"}
MISSING = 10**12
NO_SUCH_METHOD = {("my_report", "post"), ("received", "post"), ("unshare", "get")}
CANARY = "canary-4711"
LISTS = ("/", "/my/")
MOMENTS = re.compile(r"<time[^>]*>")


def looks(response: Any) -> tuple[Any, ...]:
    headers = {k: v for k, v in response.headers.items() if k not in VARIES}
    return response.status_code, headers, len(response.content)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [*PAGES, "unshare"])
def test_a_stranger_finds_nothing(
    name: str, method: str, cast: Cast, client_of: ClientOf
) -> None:
    """Same answer as for a number that does not exist; not even the desk gets in."""
    incident = stories.resolved(cast)
    for user in (cast.zed, cast.max, cast.ida, cast.bo, cast.ned):
        send = getattr(client_of(user), method)
        foreign = send(to(name, incident))
        missing = send(reverse(f"incidents:{name}", args=[MISSING]))
        assert looks(foreign) == looks(missing)
        knows_no_such_method = (name, method) in NO_SUCH_METHOD
        assert foreign.status_code == (405 if knows_no_such_method else 404)


@pytest.mark.parametrize("name", PAGES)
def test_who_reads_along_changes_nothing(
    name: str, cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.resolved(cast)
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    before = stories.again(incident).version
    zed = client_of(cast.zed)
    reads = name in {"my_report", "received"}
    assert zed.get(to(name, incident)).status_code == (200 if reads else 403)
    sent = {"message": "x", "complaint": "x", "resolution": incident.resolution_id}
    answer = zed.post(to(name, incident), sent)
    assert answer.status_code == (405 if reads else 403)
    assert stories.again(incident).version == before


def test_nothing_internal_is_on_any_page(cast: Cast, client_of: ClientOf) -> None:
    incident = stories.in_progress(cast)
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text=CANARY)
    services.retitle_incident(
        incident.pk, by=cast.bo, expected_version=None, title="A new subject"
    )
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=1, reason=CANARY
    )
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    stories.resolved(cast, of=stories.again(incident))
    for user in (cast.ann, cast.zed):
        client = client_of(user)
        for path in ("/", "/my/", "/my/?show=shared", to("my_report", incident)):
            page = text_of(client.get(path))
            assert CANARY not in page
            assert "SEV" not in page
            assert "Ann printed a page while we watched." not in page  # verification
            assert (
                "printer on the second floor prints blank pages"
                not in (page.partition("<h1")[2].partition("</h1>")[0])
            )


# --- lists ----------------------------------------------------------------------------


def test_each_tab_holds_its_own(cast: Cast, client_of: ClientOf) -> None:
    here = stories.reported(cast, description="Open one")
    stories.cancelled(cast, description="Ended one")
    theirs = stories.reported(cast, by=cast.zed, description="Shared one")
    stories.reported(cast, by=cast.zed, description="Foreign one")
    services.share_incident(theirs.pk, by=cast.zed, email=cast.ann.email)
    ann = client_of(cast.ann)
    names = ["Open one", "Ended one", "Shared one", "Foreign one"]
    for show, shown in (
        ("", names[0]),
        ("?show=ended", names[1]),
        ("?show=shared", names[2]),
        ("?show=nonsense", names[0]),
    ):
        page = text_of(ann.get(f"/my/{show}"))
        assert [name for name in names if name in page] == [shown]
    assert here.reference in text_of(ann.get("/my/"))


def test_what_the_desk_does_among_itself_is_no_news(
    cast: Cast, client_of: ClientOf
) -> None:
    """Neither the order of a list nor a time in it tells of what is internal."""
    at = clock.now()
    older = stories.reported(cast, title="Older", at=at - timedelta(hours=9))
    newer = stories.reported(cast, title="Newer", at=at - timedelta(hours=5))
    ann = client_of(cast.ann)
    before = [text_of(ann.get(path)) for path in LISTS]
    services.add_note(older.pk, by=cast.bo, expected_version=None, text="Odd.")
    services.call_attention(older.pk, by=cast.bo, expected_version=None, reason="!")
    for page, path in zip(before, LISTS, strict=True):
        shown = ann.get(path)
        assert MOMENTS.findall(text_of(shown)) == MOMENTS.findall(page)
        assert listed(shown) == [newer, older], path
    services.reply_to_reporter(
        older.pk, by=cast.bo, expected_version=None, message="We look at it."
    )
    for path in LISTS:
        assert listed(ann.get(path)) == [older, newer], path


def listed(response: Any) -> list[Incident]:
    rows = response.context.get("rows") or response.context["open"]
    return [row["incident"] for row in rows]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("second floor", True),
        ("SECOND", True),
        ("%", False),
        ("no such words", False),
        ("9" * 30, False),
        ("INC-", False),
        ("'; --", False),
        ("²", False),
    ],
)
def test_search_finds_subjects(
    words: str, found: bool, cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.reported(cast)
    response = client_of(cast.ann).get("/my/", {"q": words})
    assert response.status_code == 200
    assert (incident.reporter_url() in text_of(response)) is found


def test_search_finds_a_reference_and_only_one_s_own(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.reported(cast)
    for words in (incident.reference, incident.reference.lower(), str(incident.pk)):
        page = text_of(client_of(cast.ann).get("/my/", {"q": words}))
        assert incident.reporter_url() in page
        page = text_of(client_of(cast.zed).get("/my/", {"q": words}))
        assert incident.reporter_url() not in page


def test_the_three_kinds_of_nothing(cast: Cast, client_of: ClientOf) -> None:
    ann = client_of(cast.ann)
    assert "You have not reported anything yet" in text_of(ann.get("/my/"))
    stories.cancelled(cast)
    assert "Nothing is open" in text_of(ann.get("/my/"))
    assert "No report matches “x”" in text_of(ann.get("/my/?q=x"))


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 40])
def test_a_page_that_does_not_exist_shows_one_that_does(
    page: str, cast: Cast, client_of: ClientOf
) -> None:
    stories.reported(cast)
    assert client_of(cast.ann).get("/my/", {"page": page}).status_code == 200


# --- share ----------------------------------------------------------------------------


def test_share_and_take_back(cast: Cast, client_of: ClientOf) -> None:
    incident = stories.reported(cast)
    ann, zed = client_of(cast.ann), client_of(cast.zed)
    ann.post(to("share", incident), {"email": "ZED@example.org"})
    assert zed.get(to("my_report", incident)).status_code == 200
    assert "Zed Zorn" in text_of(ann.get(to("my_report", incident)))
    ann.post(to("unshare", incident), {"user": cast.zed.pk})
    assert zed.get(to("my_report", incident)).status_code == 404


@pytest.mark.parametrize(
    "email", ["", "x", "nobody@example.org", "ann@example.org", "a" * 400 + "@b.org"]
)
def test_an_address_that_is_none_gets_a_message(
    email: str, cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.reported(cast)
    response = client_of(cast.ann).post(to("share", incident), {"email": email})
    assert response.status_code == 200
    assert "There is a problem" in text_of(response)
    assert email in text_of(response)
    assert not Share.objects.exists()


@pytest.mark.parametrize("user", ["", "x", "-1", "9" * 30, "1"])
def test_taking_back_from_nobody_changes_nothing(
    user: str, cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.reported(cast)
    response = client_of(cast.ann).post(to("unshare", incident), {"user": user})
    assert response.status_code == 302
    assert stories.again(incident).version == incident.version


# --- files ----------------------------------------------------------------------------


def test_a_file_is_a_download_for_those_who_may_see_it(
    cast: Cast, client_of: ClientOf
) -> None:
    ann = client_of(cast.ann)
    ann.post("/report/", report_form(files=[picture("a.png")]))
    file = Attachment.objects.get()
    url = reverse("incidents:download", args=[file.pk])
    for user in (cast.ann, cast.bo):
        response: Any = client_of(user).get(url)
        assert b"".join(response.streaming_content) == PNG
        assert response["Content-Disposition"] == 'attachment; filename="a.png"'
    missing = reverse("incidents:download", args=[MISSING])
    for user in (cast.zed, cast.ned, cast.max, cast.ida):
        client = client_of(user)
        assert looks(client.get(url)) == looks(client.get(missing))
        assert client.get(url).status_code == 404


def test_an_internal_file_is_not_the_reporter_s(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.in_progress(cast)
    file = services.keep_upload(picture("internal.png"), by=cast.bo)
    services.add_note(
        incident.pk, by=cast.bo, expected_version=None, text="See", files=[file.pk]
    )
    url = reverse("incidents:download", args=[file.pk])
    assert client_of(cast.ann).get(url).status_code == 404
    assert client_of(cast.bo).get(url).status_code == 200


def test_a_file_whose_content_is_gone_is_missing(
    cast: Cast, client_of: ClientOf
) -> None:
    file = services.keep_upload(picture(), by=cast.ann)
    file.file.storage.delete(file.file.name or "")
    url = reverse("incidents:download", args=[file.pk])
    assert client_of(cast.ann).get(url).status_code == 404
