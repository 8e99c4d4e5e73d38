from allauth.account import admin as allauth_account
from allauth.account.models import EmailAddress
from allauth.mfa import admin as allauth_mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as allauth_socialaccount
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as allauth_usersessions
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin import DateFieldListFilter
from django.contrib.auth import admin as django_auth
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from import_export.admin import ExportMixin, ImportExportMixin, ImportMixin
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm

from participants.accounts import actions
from participants.accounts.exports import Csv, CsvIn, Xlsx
from participants.accounts.forms import NewUserForm, TableForm
from participants.accounts.models import Grant, GrantEvent, User, UserEvent
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission

# Registered by their own apps and not wanted here: they hold secrets (authenticators, tokens), or would open a second
# way to say who may do what (groups) and which house is trusted (apps).
REGISTERED_BY = {
    allauth_account: [EmailAddress],
    allauth_mfa: [Authenticator],
    allauth_socialaccount: [SocialApp, SocialToken, SocialAccount],
    allauth_usersessions: [UserSession],
    django_auth: [Group],
}
for models in REGISTERED_BY.values():
    admin.site.unregister(models)


class OfficeAdmin(ModelAdmin):
    """A table of the back office that shows to each person what `visible_to` gives them, in lists, pickers and files."""

    show_full_result_count = False
    paginator = BoundedPaginator

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_search_fields(self, request):
        """What is kept without accents and capitals is found without them."""
        fields = super().get_search_fields(request)
        return [f"{name}__holds" if name.endswith(("sort_name", "user__email")) else name for name in fields]


class Leaves(ExportMixin):
    """Rows of a table go out in files, to whoever may look at it. Named before the admin, whose pages it adds to."""

    export_form_class = ExportForm
    export_formats = (Csv, Xlsx)
    # What else is needed where rows name pupils.
    export_permission: Permission | None = None

    def has_export_permission(self, request):
        return self.has_view_permission(request) and (
            self.export_permission is None or request.user.can(self.export_permission)
        )

    def get_export_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}


class Comes(ImportMixin):
    """Rows of a table come in from files, through whoever may add and change them: also where no page does, because
    only actions write."""

    import_form_class = TableForm
    import_formats = (CsvIn,)

    def has_import_permission(self, request):
        codenames = (get_permission_codename(action, self.opts) for action in ("add", "change"))
        return request.user.has_perms([f"{self.opts.app_label}.{codename}" for codename in codenames])

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def process_import(self, request, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:  # confirmed twice, or a day later
            messages.error(request, _("The file is no longer here. Send it again."))
            return redirect("..")

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error(
            "import_file", _("This file is no table that we can read. Save it as CSV (UTF-8) and send it again.")
        )


class Travels(Comes, Leaves, ImportExportMixin):
    """Rows of a table come in and go out."""


class TravelsByAction(Travels):
    """The same, where only actions write: their history says more than a line in the log of the back office."""

    skip_admin_log = True


class ReadOnlyAdmin(ModelAdmin):
    """A table that is looked at and never changed by hand, such as a history."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class LookedAtAdmin(ReadOnlyAdmin, OfficeAdmin):
    """Rows to look up: their own pages write them, and files, both by actions."""


class GrantInline(TabularInline):
    model = Grant
    fk_name = "user"
    fields = readonly_fields = ["role", "starts_on", "ends_on", "given_by"]
    ordering = ["role", "-starts_on"]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj):
        return False


@admin.register(User)
class UserAdmin(OfficeAdmin):
    list_display = ["email", "name", "language", "is_active", "last_login"]
    list_filter = ["is_active", "language", "grants__role"]
    search_fields = ["email", "name"]
    readonly_fields = ["is_active", "joined_at", "last_login"]
    fields = ["email", "name", "language", *readonly_fields]
    inlines = [GrantInline]
    actions = ["close_accounts", "reopen_accounts", "sign_out_everywhere", "take_back_links", "reset_second_factors"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else NewUserForm.Meta.fields

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs if obj else kwargs | {"form": NewUserForm})

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            obj.pk = actions.open_account(**form.cleaned_data, by=request.user).pk
            obj.refresh_from_db()
            return
        obj.save(update_fields=["name", "language"])
        if "email" in form.changed_data:
            actions.change_email(user=obj, email=obj.email, by=request.user)

    def has_delete_permission(self, request, obj=None):
        """Accounts are closed; what is left of a person is erased by the rules of privacy, not by a click."""
        return False

    @admin.action(description=gettext_lazy("Close the accounts"), permissions=["change"])
    def close_accounts(self, request, queryset):
        self.run(request, queryset, lambda user: actions.close_account(user=user, by=request.user))

    @admin.action(description=gettext_lazy("Open the accounts again"), permissions=["change"])
    def reopen_accounts(self, request, queryset):
        self.run(request, queryset, lambda user: actions.reopen_account(user=user, by=request.user))

    @admin.action(description=gettext_lazy("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request, queryset):
        self.run(request, queryset, lambda user: actions.end_sessions(user=user))

    @admin.action(description=gettext_lazy("Take back personal links"), permissions=["change"])
    def take_back_links(self, request, queryset):
        self.run(request, queryset, lambda user: actions.revoke_links(user=user))

    @admin.action(description=gettext_lazy("Forget lost second factors"), permissions=["change"])
    def reset_second_factors(self, request, queryset):
        self.run(request, queryset, lambda user: actions.reset_second_factors(user=user, by=request.user))

    def run(self, request, queryset, action):
        """Each account by itself, so that one refusal does not hide the others."""
        done = 0
        for user in queryset:
            try:
                action(user)
            except ValidationError as refusal:
                self.message_user(request, f"{user}: {' '.join(refusal.messages)}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, _("Accounts changed: %(count)d.") % {"count": done}, messages.SUCCESS)


@admin.register(Grant)
class GrantAdmin(OfficeAdmin):
    list_display = ["user", "role", "starts_on", "ends_on", "given_by"]
    list_filter = ["role", "starts_on", "ends_on"]
    list_select_related = ["user", "given_by"]
    search_fields = ["user__email", "user__name"]
    autocomplete_fields = ["user"]
    fields = ["user", "role", "ends_on"]
    actions = ["take_back"]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "role"] if obj else []

    def save_model(self, request, obj, form, change):
        grant = actions.grant_role(user=obj.user, role=obj.role, ends_on=obj.ends_on, by=request.user)
        obj.pk = grant.pk

    def has_delete_permission(self, request, obj=None):
        """A role is taken back; that it was held stays on record."""
        return False

    @admin.action(description=gettext_lazy("Take the roles back now"), permissions=["change"])
    def take_back(self, request, queryset):
        for grant in queryset.live():
            try:
                actions.end_grant(grant=grant, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, f"{grant}: {' '.join(refusal.messages)}", messages.ERROR)


class HappenedFilter(DateFieldListFilter):
    """The library that keeps histories names its own fields in English only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("when")


class HistoryAdmin(ReadOnlyAdmin):
    list_filter = [("pgh_created_at", HappenedFilter)]
    ordering = ["-pgh_created_at"]

    @admin.display(description=gettext_lazy("when"), ordering="pgh_created_at")
    def happened_at(self, event):
        return event.pgh_created_at

    @admin.display(description=gettext_lazy("what happened"))
    def what(self, event):
        return pgettext("history", "added") if event.pgh_label == "insert" else pgettext("history", "changed")


@admin.register(UserEvent)
class UserEventAdmin(HistoryAdmin):
    list_display = ["happened_at", "what", "email", "name", "is_active"]
    search_fields = ["email", "name"]


@admin.register(GrantEvent)
class GrantEventAdmin(HistoryAdmin):
    list_display = ["happened_at", "what", "user", "role", "starts_on", "ends_on", "given_by"]
    list_filter = ["role", *HistoryAdmin.list_filter]
    list_select_related = ["user", "given_by"]
    search_fields = ["user__email", "user__name"]
