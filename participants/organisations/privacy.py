"""What organisations hold about a person, why and until when: who counts where, and nothing else.

Schools, organisations, territories and classes are facts about institutions; a class has a size and no names.
"""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"), "account")

PERSONAL = {
    "GrantScope.grant": RIGHTS,
    "GrantScope.organisation": RIGHTS,
    "GrantScope.school": RIGHTS,
    "GrantScope.territory": RIGHTS,
}
TECHNICAL = {"Territory", "Organisation", "School", "SchoolYearProfile", "ClassGroup"}
