"""The pages that every check of the look is run on."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, Route

from accounts.models import User
from servicedesk.inbox import letters
from tests.people import Cast

LONG = "Wolfeschlegelsteinhausenbergerdorff"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in one state: where it is, who looks, what they did first."""

    name: str
    path: str
    by: str = ""
    act: Callable[[Page], None] | None = None

    def address(self, cast: Cast) -> str:
        return self.path.replace("{key}", reset_key(cast.ann))

    def viewer(self, cast: Cast) -> User | None:
        return getattr(cast, self.by) if self.by else None


def reset_key(user: User) -> str:
    """What the link in the e-mail ends with."""
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def _submit(page: Page) -> None:
    page.locator("main form .btn-primary").first.click()


def _wrong_password(page: Page) -> None:
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Password").fill("not the one")
    _submit(page)


def _two_passwords(page: Page) -> None:
    page.get_by_label("New password", exact=True).fill("correct horse battery")
    page.get_by_label("New password again").fill("staple")
    _submit(page)


def _short_password(page: Page) -> None:
    page.get_by_label("Current password").fill("guess")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("short")
    _submit(page)


def _long_name(page: Page) -> None:
    page.get_by_label("Name").fill(f"{LONG} {LONG}")
    _submit(page)


def _no_name(page: Page) -> None:
    page.get_by_label("Name").fill("")
    _submit(page)


def _open_menu(page: Page) -> None:
    page.locator(".menu-button").click()


def _mail_comes(page: Page) -> None:
    """A page and a bit of mail, the longest words last, seen without a new visit."""
    link = "http://localhost:8000/accounts/password/reset/key/{key}/"
    for number in range(51):
        mail = EmailMultiAlternatives(
            subject=f"News on your report {number}: {LONG}",
            body=f"Hello Ann,\n\nread on: {link}{LONG}{LONG}/\n",
            from_email="Service desk <servicedesk@localhost>",
            to=["Ann Archer <ann@example.org>", f"{LONG}@example.org"],
        )
        context = {"heading": mail.subject, "intro": ["It works."], "button_url": link}
        context["button_label"] = "Open the report"
        html = render_to_string("mail/base.html", context)
        mail.attach_alternative(html, "text/html")
        letters.keep(mail)
    page.get_by_role("link", name="Check for new mail").click()


def _open_mail(page: Page) -> None:
    _mail_comes(page)
    page.get_by_role("link", name="News on your report 50").click()


def _open_mail_as_html(page: Page) -> None:
    _open_mail(page)
    page.get_by_role("link", name="HTML").click()


SHEETS = [
    Sheet("log-in", "/accounts/login/"),
    Sheet("log-in-empty-sent", "/accounts/login/", act=_submit),
    Sheet("log-in-wrong", "/accounts/login/", act=_wrong_password),
    Sheet("password-forgotten", "/accounts/password/reset/"),
    Sheet("password-link-sent", "/accounts/password/reset/done/"),
    Sheet("password-from-link", "/accounts/password/reset/key/{key}/"),
    Sheet(
        "password-from-link-wrong",
        "/accounts/password/reset/key/{key}/",
        act=_two_passwords,
    ),
    Sheet("password-link-used", "/accounts/password/reset/key/1-2-3/"),
    Sheet("password-from-link-done", "/accounts/password/reset/key/done/"),
    Sheet("password-change", "/accounts/password/change/", "bo"),
    Sheet("password-change-wrong", "/accounts/password/change/", "bo", _short_password),
    Sheet("account-inactive", "/accounts/inactive/"),
    Sheet("log-out", "/accounts/logout/", "bo"),
    Sheet("password-again", "/accounts/reauthenticate/", "bo"),
    Sheet("help", "/help/"),
    Sheet("help-inside", "/help/", "ann"),
    Sheet("home-agent", "/", "lea"),
    Sheet("home-reporter", "/", "ann"),
    Sheet("home-menu", "/", "ida", _open_menu),
    Sheet("profile", "/profile/", "bo"),
    Sheet("profile-wrong", "/profile/", "bo", _no_name),
    Sheet("profile-saved-long", "/profile/", "bo", _long_name),
    Sheet("not-found", "/no-such-page/", "bo"),
    Sheet("components", "/components/"),
    Sheet("inbox-empty", "/demo/inbox/"),
    Sheet("inbox-nobody", "/demo/inbox/?to=nobody@example.org", "bo"),
    Sheet("inbox", "/demo/inbox/", act=_mail_comes),
    Sheet("inbox-mail", "/demo/inbox/", act=_open_mail),
    Sheet("inbox-mail-html", "/demo/inbox/", "bo", act=_open_mail_as_html),
]

ERRORS = [400, "403", "403_csrf", 409, 429, 500]


def show_error(page: Page, name: str, url: str) -> None:
    """Put an error page on screen without making the error."""
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    body = render_to_string(f"{name}.html", {"reference": "0f3a"}, request)

    def answer(route: Route) -> None:
        route.fulfill(status=200, body=body, content_type="text/html")

    page.route("**/somewhere/", answer)
    page.goto(f"{url}/somewhere/")
