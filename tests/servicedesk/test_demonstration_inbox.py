"""In the demonstration every mail can be read in the browser, and only there."""

import re
import stat
import threading
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from activity.services.deliveries import send_due
from servicedesk.inbox import letters
from servicedesk.inbox.links import pieces
from tests.people import Cast
from tests.servicedesk.test_settings import REAL, setting

INBOX = "/demo/inbox/"
HTML = "<!doctype html><html><head><title>x</title></head><body>Go</body></html>"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "servicedesk.console_mail.EmailBackend"
    settings.SITE_URL = "https://desk.example.org"
    settings.DEMONSTRATION_MAIL_DIR = tmp_path / "var" / "mail"
    path: Path = settings.DEMONSTRATION_MAIL_DIR
    return path


def write(
    to: str = "Ann Archer <ann@example.org>",
    subject: str = "News",
    text: str = "It works.",
    html: str = "",
    message_id: str = "",
) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id} if message_id else {}
    message = EmailMultiAlternatives(
        subject, text, "desk@example.org", [to], headers=headers
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def names() -> list[str]:
    return [letter.name for letter in letters.newest_first()]


def address(subject: str) -> str:
    [letter] = [one for one in letters.newest_first() if one.subject == subject]
    return f"{INBOX}{letter.name}/"


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


class TestKeeping:
    def test_a_mail_is_shown_in_the_terminal_and_kept(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(text="Grüße\nof two lines", html=HTML).send()
        assert "Mail to Ann Archer <ann@example.org>" in capsys.readouterr().out
        [path] = folder.glob("*.eml")
        assert message_from_bytes(path.read_bytes())["Subject"] == "News"
        letter = letters.letter_named(path.stem)
        assert letter is not None
        assert letter.body("plain") == "Grüße\nof two lines"
        assert letter.body("html") == HTML

    def test_nobody_else_reads_it(self, folder: Path) -> None:
        letters.keep(write())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
            0o600
        }

    def test_a_mail_that_is_sent_twice_is_there_once(self, folder: Path) -> None:
        for _again in range(2):
            letters.keep(write(message_id="<incident.1.2@desk>"))
        letters.keep(write(message_id="<incident.1.3@desk>"))
        assert len(names()) == 2

    def test_rivals_that_send_the_same_mail_keep_it_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The rival comes while the first is about to write."""
        message, write_down = write(message_id="<incident.1.2@desk>"), letters._write
        rival = threading.Thread(target=letters.keep, args=[message])

        def write_late(path: Path, content: bytes) -> None:
            if not rival.ident:
                rival.start()
                rival.join(0.5)  # With a lock it waits for us, and this passes.
            write_down(path, content)

        monkeypatch.setattr(letters, "_write", write_late)
        letters.keep(message)
        rival.join()
        assert len(names()) == 1

    def test_the_newest_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(letters, "MOST", 3)
        for number in range(5):
            letters.keep(write(subject=f"{number}"))
        assert [one.subject for one in letters.newest_first()] == ["4", "3", "2"]

    def test_half_a_mail_is_never_found(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[list[str]] = []
        rename = Path.rename

        def look_first(self: Path, target: Path) -> Path:
            seen.append(names())
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", look_first)
        letters.keep(write())
        assert seen == [[]]
        assert len(names()) == 1

    def test_what_a_crash_left_is_in_nobodys_way(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / ".draft").write_text("half a ma")
        letters.keep(write())
        assert [one.subject for one in letters.newest_first()] == ["News"]

    def test_a_real_desk_keeps_nothing(self, settings: Any, folder: Path) -> None:
        settings.DEMONSTRATION = False
        write().send()
        assert not folder.exists()

    def test_a_mail_that_cannot_be_kept_waits(
        self, cast: Cast, client: Client, folder: Path
    ) -> None:
        folder.parent.mkdir()
        folder.write_text("not a folder")
        client.post("/accounts/password/reset/", {"email": "ann@example.org"})
        assert send_due().put_off == 1


class TestSettings:
    def test_the_demonstration_has_an_inbox(self) -> None:
        assert "mail" in setting("DEMONSTRATION_MAIL_DIR", DEMONSTRATION="true")

    @pytest.mark.parametrize(
        "environment", [REAL, {**REAL, "DEMONSTRATION": "true"}], ids=["real", "demo"]
    )
    def test_a_desk_that_sends_mail_has_none(self, environment: dict[str, str]) -> None:
        assert setting("DEMONSTRATION_MAIL_DIR", **environment) == "None"


@pytest.mark.usefixtures("db")
class TestPages:
    def test_newest_first_for_anybody(self, client: Client) -> None:
        for subject in ("Older", "Newer <b>"):
            letters.keep(write(subject=subject))
        shown = page(client, INBOX)
        assert shown.index("Newer &lt;b&gt;") < shown.index("Older")
        assert "Ann Archer" in shown

    def test_mail_to_one_address(self, client: Client) -> None:
        letters.keep(write(subject="For Ann"))
        letters.keep(write("bo@example.org", subject="For Bo"))
        shown = page(client, f"{INBOX}?to=Ann@Example.org")
        assert "For Ann" in shown
        assert '<option value="ann@example.org" selected>' in shown
        assert "For Bo" not in shown
        assert "No mail to cy@example.org" in page(client, f"{INBOX}?to=cy@example.org")

    def test_fifty_on_a_page(self, client: Client) -> None:
        for number in range(51):
            letters.keep(write(subject=f"Mail {number}."))
        assert "Mail 50." in page(client, INBOX)
        assert "Mail 0." not in page(client, INBOX)
        assert "Mail 0." in page(client, f"{INBOX}?page=2&to=ann@example.org")

    def test_an_empty_inbox_says_what_fills_it(self, client: Client) -> None:
        assert "No mail yet" in page(client, INBOX)

    def test_a_file_of_somebody_else_is_left_alone(
        self, client: Client, folder: Path
    ) -> None:
        folder.mkdir(parents=True)
        (folder / "holiday.eml").write_text("Subject: Holiday\n\nSun")
        assert "Holiday" not in page(client, INBOX)

    def test_text_is_text_and_only_our_links_are_links(self, client: Client) -> None:
        ours = "https://desk.example.org/accounts/?a=1&b=2"
        text = f"<script>x</script> {ours} https://evil.example/"
        letters.keep(write(text=text, html=HTML))
        shown = page(client, address("News"))
        assert "&lt;script&gt;x" in shown
        assert 'href="https://desk.example.org/accounts/?a=1&amp;b=2"' in shown
        assert 'href="https://evil.example' not in shown

    def test_html_is_shown_in_a_sandbox(self, client: Client) -> None:
        letters.keep(write(html=HTML))
        outside = client.get(f"{address('News')}?as=html")
        sandbox = "allow-top-navigation-by-user-activation"
        assert f'sandbox="{sandbox}"' in outside.content.decode()
        assert "frame-src 'self'" in outside["Content-Security-Policy"]
        assert "unsafe-inline" not in outside["Content-Security-Policy"]
        inside = client.get(f"{address('News')}html/")
        policy = inside["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert policy.endswith(f"sandbox {sandbox}") or f"sandbox {sandbox};" in policy
        assert inside["X-Frame-Options"] == "SAMEORIGIN"
        assert '<head><base target="_top"><title>' in inside.content.decode()

    def test_plain_mail_has_no_html(self, client: Client) -> None:
        letters.keep(write())
        assert "as=html" not in page(client, address("News"))
        assert "It works." in page(client, f"{address('News')}?as=html")
        assert client.get(f"{address('News')}html/").status_code == 404

    def test_a_password_is_chosen_with_a_mail_from_the_inbox(
        self, cast: Cast, client: Client, settings: Any
    ) -> None:
        client.post("/accounts/password/reset/", {"email": "ann@example.org"})
        assert send_due().sent == 1
        shown = page(client, address("Choose a new password for the service desk"))
        links = re.findall(r'href="https://desk\.example\.org(/accounts/[^"]+)"', shown)
        assert b"password1" in client.get(links[0], follow=True).content
        assert mail.outbox == []


@pytest.mark.usefixtures("db")
class TestElsewhere:
    @pytest.mark.parametrize("name", ["DEMONSTRATION", "DEMONSTRATION_MAIL_DIR"])
    def test_a_real_desk_has_no_inbox(
        self, name: str, cast: Cast, client: Client, settings: Any
    ) -> None:
        letters.keep(write(html=HTML))
        paths = [INBOX, address("News"), f"{address('News')}html/"]
        setattr(settings, name, None)
        for user in (None, cast.zed, cast.ida):
            if user:
                client.force_login(user)
            assert [client.get(path).status_code for path in paths] == [404] * 3
        assert INBOX not in page(client, "/help/")

    def test_every_page_of_the_demonstration_leads_to_it(self, client: Client) -> None:
        assert f'href="{INBOX}"' in page(client, "/accounts/login/")

    @pytest.mark.parametrize(
        "name",
        [
            "nothing",
            "20260306T142000000000-" + "0" * 20,
            "..",
            "..%2f..%2fsecret-key",
            "%2e%2e%2fsecret",
            ".draft",
            "٢0260306T142000000000-" + "0" * 20,
            "x" * 5000,
        ],
    )
    def test_a_name_leads_to_a_mail_or_nowhere(
        self, name: str, client: Client, folder: Path
    ) -> None:
        letters.keep(write())
        (folder.parent / "secret.eml").write_text("Subject: Secret\n\nSecret")
        for path in (f"{INBOX}{name}/", f"{INBOX}{name}/html/"):
            assert client.get(path).status_code == 404

    def test_no_name_reaches_out_of_the_folder(self, folder: Path) -> None:
        letters.keep(write())
        (folder.parent / "secret.eml").write_text("Subject: Secret\n\nSecret")
        assert letters.letter_named("../secret") is None
        (folder / f"{names()[0]}-copy.eml").write_text("Subject: Copy\n\nCopy")
        assert letters.letter_named(f"{names()[0]}-copy") is None


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "links"),
        [
            ("https://desk.example.org", ["https://desk.example.org"]),
            ("Go: https://desk.example.org/a/b.", ["https://desk.example.org/a/b"]),
            (
                "(https://desk.example.org/a?b=1#c)",
                ["https://desk.example.org/a?b=1#c"],
            ),
            ("<https://desk.example.org/>,", ["https://desk.example.org/"]),
            ("a\nhttps://desk.example.org/a\nb", ["https://desk.example.org/a"]),
            ("https://desk.example.org.evil.example/", []),
            ("https://desk.example.org@evil.example/", []),
            ("https://desk.example.org:8443/", []),
            ("https://desk.example.orgy/", []),
            ("https://desk-example.org/", []),
            ("https://evil.example/?to=https://desk.example.org/", []),
            ("http://desk.example.org/ javascript:alert(1)", []),
        ],
    )
    def test_only_our_own_addresses(self, text: str, links: list[str]) -> None:
        found = pieces(text)
        assert [piece.text for piece in found if piece.is_link] == links
        assert "".join(piece.text for piece in found) == text
