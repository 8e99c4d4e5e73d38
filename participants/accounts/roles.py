"""Every role and what it may do, on one screen.

A role is a list of permissions. A `Grant` gives it to a user, with an end; where `scope` is set the grant only counts
together with a scope row (an organisation, a territory) and sees nothing without one.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    OFFICE = "office"  # open the back office
    USER_MANAGE = "user.manage"
    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_MANAGE = "organisation.manage"
    CONTACT_VIEW = "contact.view"
    CONTACT_APPROVE = "contact.approve"
    VOLUNTEER_VIEW = "volunteer.view"
    PUPIL_VIEW = "pupil.view"
    PUPIL_MANAGE = "pupil.manage"  # enter, correct, promote
    PUPIL_IMPORT = "pupil.import"  # one list over many schools; a school sends class lists
    PUPIL_EXPORT = "pupil.export"
    PUPIL_MERGE = "pupil.merge"
    ROSTER_SEND = "roster.send"
    CONSENT_MANAGE = "consent.manage"  # publish the texts that families sign
    REQUEST_MAKE = "request.make"
    REQUEST_HANDLE = "request.handle"
    SESSION_VIEW = "session.view"
    SESSION_MANAGE = "session.manage"
    SESSION_JOIN = "session.join"
    ANSWER_SENSITIVE = "answer.sensitive"  # read what somebody told a camp in confidence
    HEADCOUNT_CONFIRM = "headcount.confirm"
    MESSAGE_VIEW = "message.view"
    MESSAGE_MANAGE = "message.manage"
    FIGURE_VIEW = "figure.view"
    FIGURE_ROWS = "figure.rows"
    FIGURE_EXPORT = "figure.export"
    FIGURE_MANAGE = "figure.manage"  # set targets
    TRACE_VIEW = "trace.view"
    RIGHTS_HANDLE = "rights.handle"  # answer requests of access, rectification and erasure; terms


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    COORDINATOR = "coordinator", _("coordinator")
    PROGRAMME_MANAGER = "programme_manager", _("programme manager")
    VOLUNTEER = "volunteer", _("volunteer")
    CLUB_OFFICER = "club_officer", _("club officer")
    SCHOOL_CONTACT = "school_contact", _("school contact")
    GUARDIAN = "guardian", _("parent or guardian")
    PUPIL = "pupil", _("pupil")
    PARTNER = "partner", _("partner")
    GOVERNMENT_READER = "government_reader", _("government reader")
    RESEARCHER = "researcher", _("researcher")
    PROTECTION_OFFICER = "protection_officer", _("data protection officer")


class Scope(StrEnum):
    CENTER = "center"  # everything the permissions name
    ORGANISATION = "organisation"  # the organisations named in the grant's scope rows
    SCHOOL = "school"  # the schools named in the grant's scope rows
    TERRITORY = "territory"
    PROGRAMME = "programme"
    SELF = "self"  # what the person's own record leads to (their sessions, their children)
    PROJECT = "project"


@dataclass(frozen=True)
class RoleDefinition:
    description: Promise
    scope: Scope
    permissions: frozenset[Permission]
    is_staff_role: bool = False  # second factor forced, back office and work pages


_P = Permission
ROLES: dict[str, RoleDefinition] = {
    Role.ADMINISTRATOR: RoleDefinition(
        _("runs the platform: users, rights, settings"), Scope.CENTER, frozenset(Permission), is_staff_role=True
    ),
    Role.COORDINATOR: RoleDefinition(
        _("plans and follows everything that their organisations do"),
        Scope.ORGANISATION,
        frozenset(Permission)
        - {_P.USER_MANAGE, _P.TRACE_VIEW, _P.RIGHTS_HANDLE, _P.REQUEST_MAKE, _P.SESSION_JOIN, _P.ANSWER_SENSITIVE},
        is_staff_role=True,
    ),
    Role.PROGRAMME_MANAGER: RoleDefinition(
        _("runs the sessions of their programmes"),
        Scope.PROGRAMME,
        frozenset(
            {
                _P.OFFICE,
                _P.ORGANISATION_VIEW,
                _P.CONTACT_VIEW,
                _P.VOLUNTEER_VIEW,
                _P.PUPIL_VIEW,
                _P.PUPIL_EXPORT,
                _P.SESSION_VIEW,
                _P.SESSION_MANAGE,
                _P.ANSWER_SENSITIVE,
                _P.HEADCOUNT_CONFIRM,
                _P.FIGURE_VIEW,
                _P.FIGURE_ROWS,
                _P.FIGURE_EXPORT,
            }
        ),
        is_staff_role=True,
    ),
    Role.VOLUNTEER: RoleDefinition(
        _("gives talks, tutors, supervises"),
        Scope.SELF,
        frozenset({_P.SESSION_VIEW, _P.SESSION_JOIN, _P.HEADCOUNT_CONFIRM}),
    ),
    Role.CLUB_OFFICER: RoleDefinition(
        _("leads a student club and follows its members"),
        Scope.ORGANISATION,
        frozenset({_P.SESSION_VIEW, _P.SESSION_JOIN, _P.VOLUNTEER_VIEW, _P.HEADCOUNT_CONFIRM}),
    ),
    Role.SCHOOL_CONTACT: RoleDefinition(
        _("teacher or head: asks for talks, registers classes, confirms head-counts, sends class lists"),
        Scope.SCHOOL,
        frozenset(
            {
                _P.REQUEST_MAKE,
                _P.SESSION_VIEW,
                _P.HEADCOUNT_CONFIRM,
                _P.PUPIL_VIEW,
                _P.PUPIL_MANAGE,
                _P.PUPIL_EXPORT,
                _P.ROSTER_SEND,
            }
        ),
    ),
    Role.GUARDIAN: RoleDefinition(_("reads and signs for their children"), Scope.SELF, frozenset()),
    Role.PUPIL: RoleDefinition(_("sees their own activities"), Scope.SELF, frozenset()),
    Role.PARTNER: RoleDefinition(
        _("association, town or company: their sessions, their figures"),
        Scope.ORGANISATION,
        frozenset({_P.SESSION_VIEW, _P.FIGURE_VIEW, _P.FIGURE_EXPORT}),
    ),
    Role.GOVERNMENT_READER: RoleDefinition(
        _("reads the figures of a territory, small cells hidden"),
        Scope.TERRITORY,
        frozenset({_P.FIGURE_VIEW, _P.FIGURE_EXPORT}),
    ),
    Role.RESEARCHER: RoleDefinition(_("works on approved extracts"), Scope.PROJECT, frozenset()),
    Role.PROTECTION_OFFICER: RoleDefinition(
        _("watches over personal data: traces, terms, requests"),
        Scope.CENTER,
        frozenset({_P.OFFICE, _P.TRACE_VIEW, _P.MESSAGE_VIEW, _P.PUPIL_VIEW, _P.RIGHTS_HANDLE}),
        is_staff_role=True,
    ),
}

STAFF_ROLES = frozenset(role for role, definition in ROLES.items() if definition.is_staff_role)


def roles_with(permission: Permission) -> frozenset[str]:
    """The roles whose list holds this permission."""
    return frozenset(role for role, definition in ROLES.items() if permission in definition.permissions)
