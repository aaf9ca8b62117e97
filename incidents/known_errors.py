"""What of an article may be told or done in an incident, and why not."""

import re
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.codes import AskedOf
from incidents.models import Incident, KnownErrorUse
from knowledgebase import markdown
from knowledgebase.codes import Audience, State
from knowledgebase.models import ArticleVersion
from knowledgebase.permissions import audiences_of

# Marks of Markdown that an e-mail would show as they are typed.
LINK: Final = re.compile(r"\[([^\]\n]+)\]\((\S+?)(?:\s[^)\n]*)?\)")
HEADING: Final = re.compile(r"^ {0,3}#{1,6} +", re.MULTILINE)
STRONG: Final = re.compile(r"(\*\*|__|`+)(?=\S)(.+?)(?<=\S)\1")
EMPHASIS: Final = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])")
ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|>])")


def words_for_reporters(version: ArticleVersion) -> str:
    """What a reporter is told: the workaround for them, or the text of a how-to."""
    return (version.workaround_reporters or version.body).strip()


def words_for_agents(version: ArticleVersion) -> str:
    """What somebody of the desk does."""
    return (version.workaround_agents or words_for_reporters(version)).strip()


def message_from(version: ArticleVersion) -> str:
    """The words for reporters as somebody would type them into a reply."""
    text = LINK.sub(r"\1 (\2)", markdown.plain(words_for_reporters(version)))
    text = STRONG.sub(r"\2", HEADING.sub("", text))
    return ESCAPED.sub(r"\1", EMPHASIS.sub(r"\1", text))


def why_not_used(version: ArticleVersion) -> str:
    """Why it is not what the article says; ``""`` if it is."""
    if version.state == State.PUBLISHED:
        return ""
    facts = {"article": version.article.reference, "number": version.number}
    return (
        _(
            "%(article)s does not say this any more: its version %(number)d is not the"
            " published one. Look at the article, then use what it says now."
        )
        % facts
    )


def asked_of_desk(incident: Incident) -> list[KnownErrorUse]:
    """What was used and nobody here has judged yet."""
    rows = KnownErrorUse.objects.filter(incident=incident).unanswered_by(AskedOf.DESK)
    return list(rows.select_related("version"))


def asked_of_confirmer(incident: Incident) -> list[KnownErrorUse]:
    """What they were told and have not judged yet, each article once. A successor is
    not asked about what only others may read."""
    if not getattr(incident, "was_told", True):
        return []
    told = KnownErrorUse.objects.filter(incident=incident).told()
    rows = told.unanswered_by(AskedOf.CONFIRMER)
    found = {
        use.version.article_id: use
        for use in rows.select_related("version").order_by("seq")
    }
    readable = audiences_of(incident.confirmer) if found else []
    return [use for use in found.values() if use.version.audience in readable]


def why_not_told(incident: Incident, version: ArticleVersion) -> str:
    """Why its words are not for the readers of the reply; ``""`` if they are."""
    if version.audience == Audience.AGENTS:
        return _("It is for agents only, so it is not quoted to a reporter.")
    if not words_for_reporters(version):
        return _("It has no text for reporters.")
    if version.audience == Audience.EVERYONE:
        return ""
    for person in _readers(incident):
        if version.audience not in audiences_of(person):
            return _("It is for staff only, and %(name)s would read it.") % {
                "name": person.name
            }
    return ""


def _readers(incident: Incident) -> list[User]:
    """Everybody who reads a public reply without working here."""
    shared = [share.user for share in incident.shares.select_related("user")]
    people = {one.pk: one for one in (incident.reporter, incident.confirmer, *shared)}
    return list(people.values())
