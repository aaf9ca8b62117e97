"""Refusals in words: why a change was not made, and what to do."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from activity.models import Subject

# The rules that PostgreSQL keeps, by the name that it gives with a refusal.
GUARDED_RULES = {
    "event_seq_once": gettext_lazy("Somebody else changed this a moment ago."),
    "event_seq_follows": gettext_lazy("Somebody else changed this a moment ago."),
    "event_starts_initial": gettext_lazy(
        "A new record has to start in its first state."
    ),
    "event_move_follows": gettext_lazy("The record is no longer in that state."),
    "event_append_only": gettext_lazy("History cannot be changed or removed."),
    "note_append_only": gettext_lazy("A note cannot be changed, only redacted."),
    "note_matches_event": gettext_lazy("This note does not belong to its event."),
    "subject_agrees": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "subject_id_fixed": gettext_lazy("A record keeps its number."),
    "subject_type_fixed": gettext_lazy("A kind of record keeps its first state."),
    "role_grant_fixed": gettext_lazy(
        "A role is granted or taken away, never turned into another."
    ),
    "subject_never_deleted": gettext_lazy("Records are never deleted."),
    "role_not_to_oneself": gettext_lazy("Nobody grants a role to themselves."),
    "last_administrator_stays": gettext_lazy(
        "This is the last administrator. Make somebody else one first."
    ),
    "user_never_deleted": gettext_lazy(
        "Accounts are never deleted. Take the tick of “active” away instead."
    ),
    "team_tier_fixed": gettext_lazy(
        "A team keeps its tier. Create another team and deactivate this one."
    ),
    "escalation_path_next_tier": gettext_lazy(
        "A team can escalate only to a team of the next tier."
    ),
    "location_desk_is_desk": gettext_lazy("Choose a team that is a service desk."),
    "team_desk_in_use": gettext_lazy(
        "Locations send their reports to this desk: choose another for them first."
    ),
    "parent_no_circle": gettext_lazy("A record cannot be below itself."),
    "incident_closed_by_desk": gettext_lazy(
        "Only a member of the service desk closes an incident."
    ),
    "incident_closed_by_another": gettext_lazy(
        "Who confirms an incident cannot close it as well."
    ),
    "incident_two_keys": gettext_lazy(
        "An incident is closed only after its reporter confirmed that it works."
    ),
    "incident_closed_for_its_reason": gettext_lazy(
        "The ground for closing does not match what was confirmed."
    ),
    "incident_second_person_closes": gettext_lazy(
        "Who recorded the call may not close as well. Ask a colleague."
    ),
    "incident_closed_fixed": gettext_lazy(
        "A closed incident does not change. Reopen it, or start a follow-up."
    ),
    "incident_confirmed_by_row": gettext_lazy(
        "A confirmation has to be written down together with its change."
    ),
    "incident_resolution_current": gettext_lazy(
        "This solution does not count any more."
    ),
    "incident_resolved_has_resolution": gettext_lazy(
        "An incident is resolved only with what was done about it."
    ),
    "incident_origin_fixed": gettext_lazy(
        "Who reported an incident, when and how, does not change."
    ),
    "incident_confirmer_fixed": gettext_lazy(
        "Whose confirmation counts changes only when they have left."
    ),
    "incident_owner_in_team": gettext_lazy(
        "The owner has to be a member of the team that holds the incident."
    ),
    "incident_desk_is_desk": gettext_lazy("Choose a team that is a service desk."),
    "incident_closed_has_closer": gettext_lazy(
        "An incident is closed by somebody, at a moment and for a reason."
    ),
    "incident_confirmed_has_resolution": gettext_lazy(
        "Only what was solved can be confirmed."
    ),
    "incident_cancelled_has_reason": gettext_lazy(
        "An incident is cancelled at a moment and for a reason."
    ),
    "incident_told_once": gettext_lazy("This was told of its clock already."),
    "incident_ended_has_nothing_due": gettext_lazy(
        "Nothing is due any more on what is closed or cancelled."
    ),
    "incident_own_master_never": gettext_lazy(
        "An incident cannot be a duplicate of itself."
    ),
    "announcement_fixed": gettext_lazy(
        "An announcement keeps its words: end it, and announce new ones."
    ),
    "announcement_by_desk": gettext_lazy(
        "Only a member of a service desk announces something."
    ),
    "announcement_has_event": gettext_lazy(
        "An announcement has to be recorded together with its event."
    ),
    "announcement_of_open": gettext_lazy("Only what is open is announced."),
    "announcement_one_active": gettext_lazy(
        "It is announced already: change the words of that."
    ),
    "announcement_ends_whole": gettext_lazy(
        "An announcement is ended by somebody, at a moment after it began."
    ),
    "announcement_says_something": gettext_lazy(
        "An announcement says in one sentence what is going wrong."
    ),
    "deflection_fixed": gettext_lazy(
        "That an article helped is taken back, never changed or removed."
    ),
    "deflection_by_published": gettext_lazy(
        "Only what is published just now can have helped."
    ),
    "deflection_once": gettext_lazy("This was said already."),
    "deflection_taken_back_later": gettext_lazy(
        "What helped is taken back only afterwards."
    ),
    "shift_note_kept": gettext_lazy(
        "A word to the next shift stays as it was written; its text can be taken away."
    ),
    "shift_note_by_team": gettext_lazy(
        "Only who works in the team writes a word to its next shift."
    ),
    "shift_note_seen_by_team": gettext_lazy(
        "Only a colleague in the team marks it as seen."
    ),
    "shift_note_says_something": gettext_lazy("Write what the next shift should know."),
    "shift_note_once": gettext_lazy("This was sent already."),
    "shift_note_seen_once": gettext_lazy("You have marked it as seen already."),
    "incident_submitted_once": gettext_lazy("This report was sent already."),
    "incident_says_what_is_wrong": gettext_lazy(
        "An incident needs a subject and says what is wrong."
    ),
    "incident_status_known": gettext_lazy("Nobody knows this status."),
    "incident_codes_known": gettext_lazy("Nobody knows this kind, source or origin."),
    "incident_severity_known": gettext_lazy(
        "Impact and urgency go from 1 to 3, the severity from 1 to 4."
    ),
    "incident_hold_has_reason": gettext_lazy(
        "What is on hold needs a reason and a moment until which it waits."
    ),
    "incident_duplicate_has_master": gettext_lazy(
        "A duplicate names the incident that goes on."
    ),
    "incident_imported_by_replay": gettext_lazy(
        "Only history that was brought in is closed without a confirmation."
    ),
    "replay_only_imported": gettext_lazy(
        "Only an incident of another system gets history of another system."
    ),
    "imported_incident_kept": gettext_lazy(
        "What was brought in, and what was not taken, stays on record."
    ),
    "policy_match_append_only": gettext_lazy(
        "Which policy held, and from when on, stays on record."
    ),
    "policy_match_has_event": gettext_lazy(
        "A policy holds from something on that happened."
    ),
    "act_append_only": gettext_lazy(
        "What was resolved, confirmed, rejected or waived stays as it was written."
    ),
    "act_has_event": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "use_append_only": gettext_lazy(
        "What was told to whom, and whether it helped, stays on record."
    ),
    "use_has_event": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "use_of_published": gettext_lazy(
        "This is no longer what the article says. Look at it again before you use it."
    ),
    "use_told_to_its_audience": gettext_lazy(
        "The reporter may not read this article, or it has no words for them."
    ),
    "use_outcome_of_own": gettext_lazy("This was used in another incident."),
    "use_outcome_by_asked": gettext_lazy(
        "Only the person who is asked says whether it helped, and only about what they"
        " were told."
    ),
    "known_error_check_kept": gettext_lazy(
        "What was checked for known errors stays on record."
    ),
    "known_error_check_is_whole": gettext_lazy(
        "A check decides on every known error that was shown."
    ),
    "checked_candidate_of_published": gettext_lazy(
        "This is no longer what the article says. Check again."
    ),
    "checked_candidate_use_agrees": gettext_lazy("This was used in another incident."),
    "retold_once": gettext_lazy("They have been told the new workaround already."),
    "retold_after_older": gettext_lazy(
        "Only who was told an older workaround is told the new one."
    ),
    "confirmation_by_confirmer": gettext_lazy(
        "Only the person who is asked can confirm, and only the current solution."
    ),
    "confirmation_recorded_by_desk": gettext_lazy(
        "Only a member of the service desk records a call."
    ),
    "waiver_by_lead": gettext_lazy(
        "Only the lead of a service desk does without a confirmation."
    ),
    "rejection_of_own": gettext_lazy("This solution belongs to another incident."),
    "rejection_by_confirmer_or_desk": gettext_lazy(
        "Only the person who is asked, or the service desk, says that it fails."
    ),
    "team_holds_incidents": gettext_lazy(
        "This team still holds incidents: transfer them first. A service desk that"
        " answers for incidents stays one."
    ),
    "delivery_goes_one_way": gettext_lazy(
        "A message goes by itself or in one digest, and stays there."
    ),
    "delivery_gathered_or_single": gettext_lazy(
        "A message goes by itself or in one digest, not both."
    ),
    "delivery_one_on_the_way": gettext_lazy(
        "Another message to the same person is on its way."
    ),
    "attachment_fixed": gettext_lazy("A file of an incident stays as it is."),
    "holding_kept": gettext_lazy("Who held an incident stays on record."),
    "tier_stay_kept": gettext_lazy(
        "Which team had an incident, and when, stays on record."
    ),
    "tier_stay_has_event": gettext_lazy(
        "A change of hands has to be recorded together with its event."
    ),
    "tier_stay_agrees": gettext_lazy(
        "The team that has an incident is the one that got it last."
    ),
    "tier_stay_no_gap": gettext_lazy(
        "An incident is always with exactly one team: the next one gets it when the"
        " one before leaves it."
    ),
    "tier_stay_follows": gettext_lazy(
        "An incident is always with exactly one team: the next one gets it when the"
        " one before leaves it."
    ),
    "tier_stay_one_open": gettext_lazy(
        "An incident is with one team at a time. Look at it again: somebody else"
        " changed it a moment ago."
    ),
    "tier_stay_one_first": gettext_lazy("An incident is reported once."),
    "tier_stay_one_left": gettext_lazy("Somebody else changed this a moment ago."),
    "tier_stay_one_next": gettext_lazy("Somebody else changed this a moment ago."),
    "tier_stay_seam": gettext_lazy("Somebody else changed this a moment ago."),
    "tier_stay_leaves_later": gettext_lazy(
        "A team leaves an incident only after it got it."
    ),
    "tier_stay_codes_known": gettext_lazy("Nobody knows this tier or way to come."),
    "tier_stay_step": gettext_lazy(
        "Work moves one tier at a time; only a major incident skips one."
    ),
    "escalation_follows_path": gettext_lazy(
        "Choose a team that this one escalates to. An administrator sets the paths."
    ),
    "escalation_is_checked": gettext_lazy(
        "Check for known errors first: the next tier gets what is really new."
    ),
    "hand_back_to_sender": gettext_lazy(
        "It is handed back to the team below that sent it, and to no other."
    ),
    "hand_over_kept": gettext_lazy("What was handed over stays on record."),
    "hand_over_is_whole": gettext_lazy(
        "An escalation says what was observed, what is known, what was tried and what"
        " is asked."
    ),
    "incident_rung_once": gettext_lazy("This rung was told already."),
    "incident_acknowledged_once": gettext_lazy(
        "Somebody answered a moment ago: nobody else is called."
    ),
    "incident_urged_once": gettext_lazy(
        "This was said already, and the lead of the team was told."
    ),
    "rung_position_once": gettext_lazy("Another rung has this place."),
    "rung_complaint_once": gettext_lazy("Another rung waits for the same word."),
    "rung_by_hand_once": gettext_lazy("Another rung waits for the same word."),
    "rung_in_its_climb": gettext_lazy(
        "Nobody is called after somebody answered, nor to what is solved."
    ),
    "acknowledgement_of_told": gettext_lazy("Nobody was called: nothing to answer to."),
    "incident_attention_by_event": gettext_lazy(
        "Attention changes only together with an event that says why."
    ),
    "incident_attention_known": gettext_lazy("Attention goes from 0 to 9."),
    "attention_rises": gettext_lazy(
        "Attention only rises, until nobody above has to look any more."
    ),
    "severity_kept": gettext_lazy("Every severity has its place; change it instead."),
    "article_version_kept": gettext_lazy(
        "What was sent for review or published stays as it is. Start a new version."
    ),
    "article_version_born_draft": gettext_lazy(
        "A version begins as a draft and is reviewed then."
    ),
    "article_version_moves": gettext_lazy("A version does not go from there to there."),
    "article_version_number_follows": gettext_lazy(
        "Versions are numbered one by one and keep their number."
    ),
    "article_version_number_once": gettext_lazy(
        "Somebody else made this version a moment ago."
    ),
    "article_version_one_open": gettext_lazy(
        "Somebody is writing a new version already: go on with that."
    ),
    "article_version_written": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "article_versions_agree": gettext_lazy(
        "An article shows what was published, and nothing else."
    ),
    "article_image_kept": gettext_lazy(
        "An image stays as it is while a version shows it. Add another one."
    ),
    "illustration_of_its_article": gettext_lazy(
        "This image belongs to another article. Add it here again."
    ),
    "article_kind_fixed": gettext_lazy("An article stays of the kind it began as."),
    "article_version_reviewed": gettext_lazy(
        "A knowledge editor has to decide that it is published."
    ),
    "article_address_kept": gettext_lazy("An address leads to its article for ever."),
    "article_address_once": gettext_lazy("Another article has this address."),
    "article_has_address": gettext_lazy("An article is found under its address."),
    "review_append_only": gettext_lazy("What an editor decided stays on record."),
    "review_by_another": gettext_lazy(
        "Who wrote some of it cannot publish it. Ask another knowledge editor."
    ),
    "review_by_editor": gettext_lazy("Only a knowledge editor publishes."),
    "review_has_event": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "feedback_kept": gettext_lazy("What a reader said stays as it was said."),
    "feedback_about_shown": gettext_lazy("Only what is published is asked about."),
    "feedback_by_another": gettext_lazy(
        "Who answers for an article is not asked whether it helped."
    ),
    "feedback_has_event": gettext_lazy(
        "A change has to be recorded together with its event."
    ),
    "feedback_one_current": gettext_lazy("You answered a moment ago."),
    "gap_decision_append_only": gettext_lazy("What an editor decided stays on record."),
    "gap_decided_by_editor": gettext_lazy(
        "Knowledge editors and leads decide what needs no article."
    ),
    "calendar_version_kept": gettext_lazy(
        "What is published stays as it is. Copy it to a new draft instead."
    ),
    "calendar_version_born_draft": gettext_lazy(
        "A version begins as a draft and is published then."
    ),
    "calendar_version_number_follows": gettext_lazy(
        "Versions are numbered one by one and keep their number."
    ),
    "calendar_version_number_once": gettext_lazy(
        "Somebody else made this version a moment ago."
    ),
    "calendar_version_one_draft": gettext_lazy(
        "There is a draft already: go on with that."
    ),
    "calendar_version_follows": gettext_lazy(
        "A version comes into force later than the one before it."
    ),
    "calendar_version_not_in_past": gettext_lazy(
        "A version does not come into force in the past: choose a later moment."
    ),
    "calendar_version_is_open": gettext_lazy(
        "This calendar is never open: add a shift first."
    ),
    "shift_no_overlap": gettext_lazy("Two shifts of a day overlap."),
    "policy_version_kept": gettext_lazy(
        "What is published stays as it is. Copy it to a new draft instead."
    ),
    "policy_version_born_draft": gettext_lazy(
        "A version begins as a draft and is published then."
    ),
    "policy_version_number_follows": gettext_lazy(
        "Versions are numbered one by one and keep their number."
    ),
    "policy_version_number_once": gettext_lazy(
        "Somebody else made this version a moment ago."
    ),
    "policy_version_one_draft": gettext_lazy(
        "There is a draft already: go on with that."
    ),
    "policy_version_follows": gettext_lazy(
        "A version comes into force later than the one before it."
    ),
    "policy_version_not_in_past": gettext_lazy(
        "A version does not come into force in the past: choose a later moment."
    ),
    "policy_version_calendar_in_force": gettext_lazy(
        "The calendar is not in force then: publish the calendar first, or choose a"
        " later moment."
    ),
    "policy_no_tie": gettext_lazy(
        "Another policy fits exactly the same tickets at the same time."
    ),
    "policy_version_ladder_reachable": gettext_lazy(
        "Nobody can reach a rung of the ladder: look at it again before you publish."
    ),
    "policy_version_ladder_ascends": gettext_lazy(
        "A rung of the ladder waits for no more than one below it: let it wait for"
        " more."
    ),
    "operational_target_is_bounded": gettext_lazy(
        "A team takes 1 to 525,600 minutes of its calendar."
    ),
    "team_assignment_known": gettext_lazy("Choose who gets what arrives."),
    "policy_version_response_warnings_ascend": gettext_lazy(
        "Name each percentage once, the smallest first."
    ),
    "policy_version_resolution_warnings_ascend": gettext_lazy(
        "Name each percentage once, the smallest first."
    ),
}


class Conflict(Exception):  # noqa: N818 - the name of the answer, 409 Conflict
    """Allowed, but the record has moved on: answered as 409.

    ``subject`` is the record as it was found, ``move`` the transition asked for,
    ``why`` a sentence for the person who asked, where the app knows one.
    """

    def __init__(
        self,
        subject: "Subject",
        *,
        move: str = "",
        expected: int | None = None,
        why: str = "",
    ) -> None:
        self.subject = subject
        self.move = move
        self.expected = expected
        self.why = why
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """What happened and what to do, for the person who asked."""
        if self.why:
            return self.why
        if self.move:
            return _(
                "This is no longer possible: the record has moved on. Look at it again."
            )
        return _("Somebody else changed this a moment ago. Look at it again.")


class NotAllowed(PermissionDenied):
    """The person may not do this to the record: answered as 403.

    ``subject`` is the record, ``move`` what was asked for.
    """

    def __init__(self, subject: "Subject", *, move: str) -> None:
        self.subject = subject
        self.move = move
        super().__init__(f"{subject.subject_type}.{move}")


def broken_rule(error: IntegrityError) -> str:
    """The name of the constraint that refused, or ``""``."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def explain(error: IntegrityError) -> str:
    """A refusal of the database in words; ``""`` for one that no table knows."""
    return str(GUARDED_RULES.get(broken_rule(error), ""))
