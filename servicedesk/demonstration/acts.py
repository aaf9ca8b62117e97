"""What people do in the stories: each answers with an act to be played later."""

from incidents import services
from incidents.codes import (
    CancelReason,
    Channel,
    Decided,
    HoldReason,
    HowUsed,
    LinkKind,
    Outcome,
    Refusal,
    ResolutionCode,
)
from incidents.known_errors import message_from
from incidents.services.checking import Decision, candidates_for
from incidents.services.escalating import Package
from incidents.services.resolving import Solution
from incidents.written_down import prefilled
from knowledgebase.codes import Kind as Nature
from knowledgebase.codes import State
from knowledgebase.models import ArticleVersion
from knowledgebase.services import Content
from servicedesk.demonstration.files import File
from servicedesk.demonstration.hospital import DEFAULT_DESK
from servicedesk.demonstration.moments import When
from servicedesk.demonstration.stage import Act, Scene, classification

USED = Decision(decided=Decided.USED)
NOT_HERE = Decision(decided=Decided.REFUSED, refusal=Refusal.OTHER_SYMPTOM)


def triage(by: str, *, desk: str = DEFAULT_DESK, **changes: object) -> Act:
    """``changes`` are what the agent sees otherwise than the reporter."""

    def act(scene: Scene) -> None:
        services.triage_incident(
            scene.pk,
            by=scene.person(by),
            expected_version=None,
            classification=classification(scene, **changes),
            team=scene.cast.team(desk),
        )

    return act


def take(by: str) -> Act:
    return lambda scene: services.take_incident(
        scene.pk, by=scene.person(by), expected_version=None
    )


def assign(by: str, *, to: str) -> Act:
    return lambda scene: services.assign_incident(
        scene.pk, by=scene.person(by), expected_version=None, to=scene.person(to)
    )


def start(by: str) -> Act:
    return lambda scene: services.start_incident(
        scene.pk, by=scene.person(by), expected_version=None
    )


def ask(by: str, question: str, *, until: When) -> Act:
    """Put it on hold until the reporter answers."""
    return _hold(by, HoldReason.AWAITING_REPORTER, until, question=question)


def hold(by: str, reason: HoldReason, *, until: When, explanation: str) -> Act:
    return _hold(by, reason, until, explanation=explanation)


def _hold(by: str, reason: HoldReason, until: When, **words: str) -> Act:
    return lambda scene: services.hold_incident(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        reason=reason,
        until=until(scene.now),
        **words,
    )


def resume(by: str) -> Act:
    return lambda scene: services.resume_incident(
        scene.pk, by=scene.person(by), expected_version=None
    )


def transfer(by: str, *, to: str, reason: str) -> Act:
    return lambda scene: services.transfer_incident(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        team=scene.cast.team(to),
        reason=reason,
    )


def escalate(by: str, *, to: str, **package: str) -> Act:
    """``package`` says what the next tier has to know, part by part."""
    return lambda scene: services.escalate_incident(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        team=scene.cast.team(to),
        package=Package(**package),
    )


def hand_back(by: str, reason: str) -> Act:
    return lambda scene: services.hand_back_incident(
        scene.pk, by=scene.person(by), expected_version=None, reason=reason
    )


def resolve(by: str, text: str, verified: str, code: str = ResolutionCode.FIXED) -> Act:
    return lambda scene: services.resolve_incident(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        solution=Solution(code=code, text=text, verification=verified),
    )


def confirm(channel: str = Channel.PORTAL, remark: str = "") -> Act:
    """The confirmer says that the solution they were asked about works."""
    return lambda scene: services.confirm_resolution(
        scene.pk,
        by=scene.incident.confirmer,
        resolution=scene.incident.resolution_id or 0,
        channel=channel,
        message=remark,
    )


def call(by: str, account: str) -> Act:
    return lambda scene: services.record_call(
        scene.pk, by=scene.person(by), expected_version=None, account=account
    )


def reject(complaint: str, channel: str = Channel.PORTAL) -> Act:
    return lambda scene: services.reject_resolution(
        scene.pk,
        by=scene.incident.confirmer,
        complaint=complaint,
        resolution=scene.incident.resolution_id,
        channel=channel,
    )


def waive(by: str, reason: str) -> Act:
    return lambda scene: services.waive_confirmation(
        scene.pk, by=scene.person(by), expected_version=None, reason=reason
    )


def close(by: str) -> Act:
    return lambda scene: services.close_incident(
        scene.pk, by=scene.person(by), expected_version=None
    )


def reopen(by: str, complaint: str) -> Act:
    return lambda scene: services.reopen_incident(
        scene.pk, by=scene.person(by), complaint=complaint
    )


def follow_up(by: str, description: str) -> Act:
    return lambda scene: services.follow_up_incident(
        scene.pk, by=scene.person(by), description=description
    )


def cancel(by: str, reason: CancelReason, explanation: str = "", of: str = "") -> Act:
    """``of`` is the story of the incident that a duplicate repeats."""
    return lambda scene: services.cancel_incident(
        scene.pk,
        by=scene.person(by),
        reason=reason,
        explanation=explanation,
        master=scene.other(of) if of else None,
    )


def works_again(remark: str) -> Act:
    return lambda scene: services.report_works_again(
        scene.pk, by=scene.incident.confirmer, message=remark
    )


def reply(by: str, message: str, *files: File) -> Act:
    return lambda scene: services.reply_to_reporter(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        message=message,
        files=scene.kept(by, files),
    )


def tell(by: str, title: str) -> Act:
    """Tell the reporter what the article of that title says."""
    return _use(by, title, HowUsed.TOLD)


def apply(by: str, title: str) -> Act:
    """Do what the article of that title says."""
    return _use(by, title, HowUsed.APPLIED)


def _use(by: str, title: str, how: HowUsed) -> Act:
    def act(scene: Scene) -> None:
        version = ArticleVersion.objects.get(title=title, state=State.PUBLISHED)
        services.use_workaround(
            scene.pk,
            by=scene.person(by),
            expected_version=None,
            version=version.pk,
            how=how,
            message=message_from(version) if how == HowUsed.TOLD else "",
        )

    return act


def judge(by: str, outcome: Outcome) -> Act:
    """Say whether what was used last helped."""

    def act(scene: Scene) -> None:
        used = scene.incident.uses.latest("seq")
        services.judge_workaround(
            scene.pk, by=scene.person(by), use=used.pk, outcome=outcome
        )

    return act


def check(by: str) -> Act:
    """Look for known errors: those used before are used, the others do not apply."""

    def act(scene: Scene) -> None:
        person = scene.person(by)
        used = set(scene.incident.uses.values_list("version", flat=True))
        shown = [one.version.pk for one in candidates_for(scene.incident, person)]
        services.check_known_errors(
            scene.pk,
            by=person,
            expected_version=None,
            shown=shown,
            decisions={pk: USED if pk in used else NOT_HERE for pk in shown},
        )

    return act


def write_article(by: str) -> Act:
    """Keep what was learnt as a draft for the knowledge base."""

    def act(scene: Scene) -> None:
        begun = prefilled(scene.incident, Nature.KNOWN_ERROR).initial
        services.write_article(
            scene.pk,
            by=scene.person(by),
            kind=Nature.KNOWN_ERROR,
            content=Content(title=begun["title"], symptom=begun["symptom"]),
        )

    return act


def answer(by: str, message: str, *files: File) -> Act:
    return lambda scene: services.answer_desk(
        scene.pk, by=scene.person(by), message=message, files=scene.kept(by, files)
    )


def urge(by: str, reason: str) -> Act:
    return lambda scene: services.urge(scene.pk, by=scene.person(by), reason=reason)


def call_attention(by: str, reason: str) -> Act:
    return lambda scene: services.call_attention(
        scene.pk, by=scene.person(by), expected_version=None, reason=reason
    )


def attend(by: str) -> Act:
    return lambda scene: services.acknowledge_attention(scene.pk, by=scene.person(by))


def note(by: str, text: str, *files: File) -> Act:
    return lambda scene: services.add_note(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        text=text,
        files=scene.kept(by, files),
    )


def ask_colleague(by: str, *, to: str, move: str, message: str) -> Act:
    return lambda scene: services.ask_colleague(
        scene.pk, by=scene.person(by), to=scene.person(to), move=move, message=message
    )


def share(by: str, *, with_: str) -> Act:
    return lambda scene: services.share_incident(
        scene.pk, by=scene.person(by), email=scene.person(with_).email
    )


def watch(by: str) -> Act:
    return lambda scene: services.watch_incident(scene.pk, by=scene.person(by))


def link(by: str, *, to: str, kind: str = LinkKind.RELATED) -> Act:
    return lambda scene: services.link_incidents(
        scene.pk, by=scene.person(by), to=scene.other(to).pk, kind=kind
    )


def reclassify(by: str, reason: str, **changes: object) -> Act:
    return lambda scene: services.reclassify_incident(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        classification=classification(scene, **changes),
        reason=reason,
    )


def override(by: str, severity: int, reason: str) -> Act:
    return lambda scene: services.override_severity(
        scene.pk,
        by=scene.person(by),
        expected_version=None,
        severity=severity,
        reason=reason,
    )


def retitle(by: str, title: str) -> Act:
    return lambda scene: services.retitle_incident(
        scene.pk, by=scene.person(by), expected_version=None, title=title
    )


def declare_major(by: str, reason: str) -> Act:
    return lambda scene: services.declare_major(
        scene.pk, by=scene.person(by), expected_version=None, reason=reason
    )


def stand_down(by: str, reason: str) -> Act:
    return lambda scene: services.stand_down(
        scene.pk, by=scene.person(by), expected_version=None, reason=reason
    )


def hand_over(by: str, *, to: str) -> Act:
    return lambda scene: services.hand_over_desk(
        scene.pk, by=scene.person(by), expected_version=None, to=scene.person(to)
    )


def announce(by: str, title: str, text: str = "") -> Act:
    """Everybody reads it on the portal until it is solved."""

    def act(scene: Scene) -> None:
        services.announce_incident(
            scene.pk,
            by=scene.person(by),
            expected_version=None,
            title=title,
            text=text,
            service=scene.cast.service(scene.story.service),
        )

    return act


def me_too(by: str) -> Act:
    """Somebody reads what is announced and has it too."""

    def act(scene: Scene) -> None:
        told = scene.incident.announcements.get(ended_at=None)
        services.say_me_too(told.pk, by=scene.person(by))

    return act
