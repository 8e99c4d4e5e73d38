"""Which permission opens which table of the back office.

Django's admin asks for `app.view_model`, `app.change_model` and so on; the answer comes from our own permissions.
A table that is not named here is open to those who manage users, nobody else.
"""

from collections.abc import Callable

from participants.accounts.roles import Permission

_P = Permission
# app, or app.model where one table differs: (who may look, who may add, change and delete; None is nobody).
TABLES: dict[str, tuple[Permission, Permission | None]] = {
    "accounts": (_P.USER_MANAGE, _P.USER_MANAGE),
    "accounts.userevent": (_P.TRACE_VIEW, None),
    "accounts.grantevent": (_P.TRACE_VIEW, None),
    "organisations": (_P.ORGANISATION_VIEW, _P.ORGANISATION_MANAGE),
    "organisations.grantscope": (_P.USER_MANAGE, _P.USER_MANAGE),
    "people": (_P.PUPIL_VIEW, _P.PUPIL_MANAGE),
    "people.pupilnote": (_P.PUPIL_MANAGE, None),
    "people.study": (_P.PUPIL_MANAGE, None),
    "people.promotion": (_P.PUPIL_MANAGE, None),
    "people.promotedclass": (_P.PUPIL_MANAGE, None),
    "people.promotionrow": (_P.PUPIL_MANAGE, None),
    "people.consent": (_P.CONSENT_MANAGE, None),  # a ledger: written by its actions only
    "people.look": (_P.TRACE_VIEW, None),
    **{
        f"people.{table}": (_P.RIGHTS_HANDLE, None)
        for table in ("rightsrequest", "tombstone", "retentionterm", "farewell", "retentionrun")
    },
    "people.duplicatepair": (_P.PUPIL_MERGE, None),
    "people.merge": (_P.PUPIL_MERGE, None),
    "people.duplicatesearch": (_P.PUPIL_MERGE, None),
    "people.consenttext": (_P.PUPIL_VIEW, None),
    "people.roster": (_P.ROSTER_SEND, None),  # a list is sent, taken and undone on its pages
    "people.rosterrow": (_P.ROSTER_SEND, None),
    "people.rostereffect": (_P.ROSTER_SEND, None),
    "people.pupillist": (_P.PUPIL_IMPORT, None),
    "people.byhand": (_P.CONSENT_MANAGE, None),
    "people.schoolcontact": (_P.CONTACT_VIEW, _P.CONTACT_APPROVE),
    "people.schoolpost": (_P.CONTACT_VIEW, _P.CONTACT_APPROVE),
    "people.volunteer": (_P.VOLUNTEER_VIEW, _P.CONTACT_APPROVE),
    "people.clearance": (_P.VOLUNTEER_VIEW, _P.CONTACT_APPROVE),
    "correspondence": (_P.MESSAGE_VIEW, _P.MESSAGE_MANAGE),
    # Who runs one programme works on the pages, which know whose it is.
    "activities": (_P.SESSION_VIEW, _P.ORGANISATION_MANAGE),
    "activities.subscription": (_P.MESSAGE_VIEW, None),
    "activities.programmescope": (_P.USER_MANAGE, _P.USER_MANAGE),
    "awareness": (_P.REQUEST_HANDLE, _P.REQUEST_HANDLE),
    "measurement": (_P.FIGURE_ROWS, _P.FIGURE_MANAGE),
    "pghistory": (_P.TRACE_VIEW, None),
}
UNNAMED = (_P.USER_MANAGE, _P.USER_MANAGE)


def opens(perm: str, can: Callable[[Permission], bool]) -> bool:
    """Whether somebody who `can` has Django's right `perm`, such as `activities.change_session`."""
    app_label, _, codename = perm.partition(".")
    action, _, model = codename.partition("_")
    may_look, may_change = TABLES.get(f"{app_label}.{model}") or TABLES.get(app_label, UNNAMED)
    needed = may_look if action == "view" else may_change
    return needed is not None and can(Permission.OFFICE) and can(needed)
