"""Articles that were used, judged and voted on."""

from accounts.models import User
from incidents import services as incidents
from knowledgebase import services as knowledge
from knowledgebase.models import Article, Feedback
from tests.incidents import stories
from tests.incidents.using import known
from tests.people import Cast


def used(cast: Cast, article: Article, *outcomes: str, told: bool = True) -> None:
    """Once for each outcome, in a ticket of its own; "" is one nobody judged."""
    version = known.current(article.pk)
    for outcome in outcomes:
        incident = stories.in_progress(cast)
        act = known.use if told else known.applied
        use = act(incident, version, by=cast.bo)
        if outcome:
            known.judged(use, by=cast.bo, outcome=outcome)


def came_back(cast: Cast, article: Article) -> None:
    """Used, solved, and rejected by who reported it; the confirmer says it failed,
    though the desk had said that it worked."""
    version = known.current(article.pk)
    incident = stories.in_progress(cast)
    use = known.use(incident, version, by=cast.bo)
    known.judged(use, by=cast.bo, outcome="worked")
    incidents.resolve_incident(
        incident.pk, by=cast.bo, expected_version=None, solution=stories.solution()
    )
    incidents.reject_resolution(
        incident.pk,
        by=cast.ann,
        complaint="Still broken.",
        resolution=stories.current(stories.again(incident)),
        helped={use.pk: "failed"},
    )


def say(
    article: Article, by: User, *, helped: bool = False, reason: str = "wrong"
) -> Feedback:
    return knowledge.give_feedback(
        article.pk,
        by=by,
        number=known.current(article.pk).number,
        helped=helped,
        reason=reason,
        words="Words of a reader." if not helped else "",
    )


def a_shelf(cast: Cast) -> dict[str, Article]:
    """Bo's articles: one that works, one that does not, one nobody uses, one for
    agents alone."""
    found = {
        "good": known.known(cast, title="Good one").article,
        "bad": known.known(cast, title="Bad one").article,
        "idle": known.known(cast, title="Idle one").article,
        "inside": known.known(cast, title="Inside one", audience="agents").article,
    }
    used(cast, found["good"], "worked", "worked", "worked", "partly", "")
    used(cast, found["bad"], "failed", "failed", "worked")
    used(cast, found["inside"], "worked", told=False)
    came_back(cast, found["bad"])
    say(found["good"], cast.ann, helped=True)
    say(found["bad"], cast.ann)
    say(found["bad"], cast.ann, reason="outdated")
    handled = say(found["bad"], cast.zed, reason="unclear")
    knowledge.handle_feedback(
        handled.pk, by=cast.bo, expected_version=None, answer="Clearer now."
    )
    return found
