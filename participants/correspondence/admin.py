"""The back office looks; what changes a message or a rule is done on the pages, where its rules are."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from participants.correspondence.models import Job, Message, Rule


class LookingOnly(ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Rule)
class RuleAdmin(LookingOnly):
    list_display = ["__str__", "subject", "is_active"]
    list_filter = ["is_active", "occasion"]
    search_fields = ["code", "subject_fr", "subject_en"]


@admin.register(Message)
class MessageAdmin(LookingOnly):
    list_display = ["title", "address", "due_at", "state", "reason_text"]
    list_filter = ["state", "occasion", "due_at"]
    list_select_related = ["rule", "recipient"]
    search_fields = ["address", "recipient__name"]
    # What a mail of the house says (a sign-in code) is shown to nobody.
    exclude = ["text", "html"]
    show_full_result_count = False


@admin.register(Job)
class JobAdmin(LookingOnly):
    list_display = ["label", "owner", "state", "created_at", "finished_at", "attempts"]
    list_filter = ["state", "kind"]
    list_select_related = ["owner"]
    search_fields = ["owner__email"]
