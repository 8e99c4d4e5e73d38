"""When we write, and what: read by all who see messages, changed by those who manage them."""

from django.contrib import messages as notes
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import need
from participants.accounts.roles import Permission
from participants.correspondence import actions, letters, occasions
from participants.correspondence.forms import RuleForm
from participants.correspondence.models import Message, Rule


def rule_list(request):
    """Every rule, by occasion, with how many of its messages wait."""
    need(request, Permission.MESSAGE_VIEW)
    rules = Rule.objects.visible_to(request.user).with_waiting()
    by_occasion = sorted(rules, key=lambda rule: (rule.occasion_label.casefold(), rule.offset))
    context = {"rules": by_occasion, "may_manage": request.user.can(Permission.MESSAGE_MANAGE)}
    return render(request, "participants/correspondence/rule_list.html", context)


def rule_edit(request, pk):
    """Change a rule, both languages side by side, with the letter that comes of it."""
    need(request, Permission.MESSAGE_MANAGE)
    rule = get_object_or_404(Rule.objects.visible_to(request.user), pk=pk)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        actions.change_rule(rule=form.instance)
        notes.success(request, _("The rule is saved. Messages that wait will be written in the new words."))
        return redirect("correspondence:rule-edit", pk)
    context = {"form": form, "rule": rule, "placeholders": _placeholders(rule), **_specimens(request, rule)}
    return render(request, "participants/correspondence/rule_edit.html", context)


@require_POST
def rule_preview(request, pk):
    """The letter that the words being typed would give; nothing is saved."""
    need(request, Permission.MESSAGE_MANAGE)
    rule = get_object_or_404(Rule.objects.visible_to(request.user), pk=pk)
    form = RuleForm(request.POST, instance=rule)
    form.is_valid()  # fills in the rule; what is wrong in it is said when it is saved
    return render(request, "participants/correspondence/includes/specimens.html", _specimens(request, form.instance))


@require_POST
def rule_test(request, pk):
    """Send oneself a letter of the rule."""
    need(request, Permission.MESSAGE_MANAGE)
    rule = get_object_or_404(Rule.objects.visible_to(request.user), pk=pk)
    letter = letters.specimen(rule, request.user.language, _example(request, rule))
    actions.send_test(letter=letter, to=request.user)
    notes.success(request, _("The test is on its way to %(address)s.") % {"address": request.user.email})
    return redirect("correspondence:rule-edit", pk)


def _specimens(request, rule):
    example = _example(request, rule)
    specimens = [(name, letters.specimen(rule, language, example)) for language, name in letters.LANGUAGES]
    return {"specimens": specimens, "example": example, "rule": rule}


def _example(request, rule):
    """The latest message about such an occasion that this person may see: a real one to try the words on."""
    written = Message.objects.visible_to(request.user).filter(occasion=rule.occasion, rule__isnull=False)
    return written.select_related("recipient").order_by("-pk").first()


def _placeholders(rule):
    occasion = occasions.find(rule.occasion)
    return sorted(occasion.allowed_placeholders) if occasion else []
