"""The reasons of a plan in words. What is stored are numbers and codes: the reader's language decides here."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.awareness.planning.problem import HardRule, Pair

EXCLUDED = {
    HardRule.FORBIDDEN: gettext_lazy("kept apart by a coordinator"),
    HardRule.LANGUAGE: gettext_lazy("do not speak the language"),
    HardRule.TRAVEL: gettext_lazy("would travel longer than they wish"),
    HardRule.FREE: gettext_lazy("have no half-day in common with the school"),
    HardRule.BUSY: gettext_lazy("have another commitment then"),
    HardRule.LOAD: gettext_lazy("have as many talks as they wish"),
}
CAUSES = {
    "no_half_day": gettext_lazy("None of the half-days of the school is still to come."),
    "few": gettext_lazy("Too few can come at all."),
    "composition": gettext_lazy("Nobody who can come makes the group what it must be: at least one woman."),
    "never_together": gettext_lazy("Those who can come are never free on the same half-day."),
    "elsewhere": gettext_lazy("Those who can come speak elsewhere, where more comes of it."),
}
WHY_NOT = {
    "same_day": gettext_lazy("speaks elsewhere that day"),
    "load": gettext_lazy("has as many talks as they wish"),
    "less": gettext_lazy("fits a little less"),
}


def of_pair(pair: Pair) -> list[str]:
    """The same of somebody who could come, before any plan."""
    facts = {"locked": pair.is_locked, "own_school": pair.is_own_school, "home": pair.home, "minutes": pair.minutes}
    return of_speaker(facts)


def of_speaker(facts: dict) -> list[str]:
    """Each fact that speaks for somebody in a talk."""
    said = []
    if facts.get("locked"):
        said.append(_("wanted by a coordinator"))
    if facts.get("own_school"):
        said.append(_("own former lycée"))
    if facts.get("home") == "departement":
        said.append(_("home département"))
    elif facts.get("home") == "region":
        said.append(_("home region"))
    minutes = facts.get("minutes")
    said.append(_("way unknown") if minutes is None else _("about %(minutes)d min") % {"minutes": minutes})
    if turn := facts.get("turn"):
        said.append(_("first talk") if turn == 1 else _("talk number %(number)d") % {"number": turn})
    if facts.get("kept"):
        said.append(_("as in the last plan"))
    return said


def of_unfilled(facts: dict) -> dict:
    """Why nobody comes: the cause, and each rule with how many it leaves out, and how many it alone leaves out."""
    alone = facts.get("alone", {})
    rules = [
        {
            "count": count,
            "words": EXCLUDED[rule],
            "alone": alone.get(rule, 0),
        }
        for rule in HardRule
        if (count := facts.get("excluded", {}).get(rule))
    ]
    left = _("%(n)d of %(all)d volunteers can come; %(missing)d are needed.") % {
        "n": facts.get("candidates", 0),
        "all": facts.get("willing", 0),
        "missing": facts.get("missing", 0),
    }
    return {"cause": CAUSES.get(facts.get("cause"), ""), "left": left, "rules": rules}


def of_next(facts: dict, names: dict[int, str]) -> str:
    """Who would have been next, and why they are not in."""
    following = facts.get("next")
    if not following or following["speaker"] not in names:
        return ""
    return _("Next would be %(name)s: %(why)s.") % {
        "name": names[following["speaker"]],
        "why": WHY_NOT[following["why"]],
    }
