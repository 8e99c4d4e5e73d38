"""Inside what a person may read figures, and how exactly."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from impact.measurement.models import Within
from participants.accounts.roles import Permission
from participants.organisations.models import GrantScope, Organisation, Territory
from programs.activities.models import Activity, Programme


@dataclass(frozen=True)
class Perimeter:
    """The center, a pillar, a programme or an organisation; or a territory of the center. Exact for those who see the
    rows behind; with small cells hidden for everybody else."""

    within: str
    within_id: int
    label: str
    is_exact: bool
    territories: tuple[Territory, ...] = ()

    @property
    def key(self) -> str:
        if self.territories:
            return "territory"
        return f"{self.within}-{self.within_id}" if self.within_id else self.within

    @property
    def is_center(self) -> bool:
        return self.within == Within.ALL


def perimeters_of(user) -> list[Perimeter]:
    """Every perimeter that the user may read, the widest first."""
    if not user.can(Permission.FIGURE_VIEW):
        return []
    active = Organisation.objects.filter(
        Q(kind=Organisation.Kind.CENTER) | Exists(Activity.objects.filter(organisation=OuterRef("pk")))
    )
    exact = list(_managed(active, user, Permission.FIGURE_ROWS))
    read = [
        organisation for organisation in _managed(active, user, Permission.FIGURE_VIEW) if organisation not in exact
    ]
    programmes = Programme.objects.managed_by(user, Permission.FIGURE_ROWS)
    found = []
    if user.can_everywhere(Permission.FIGURE_ROWS) or _has_center(exact):
        found = [_center(is_exact=True), *_pillars()]
    elif user.can_everywhere(Permission.FIGURE_VIEW) or _has_center(read):
        found = [_center(is_exact=False)]
    found += _territory(user)
    found += [Perimeter(Within.PROGRAMME, programme.pk, str(programme), True) for programme in programmes]
    found += [_organisation(organisation, is_exact=True) for organisation in exact if not _is_center(organisation)]
    found += [_organisation(organisation, is_exact=False) for organisation in read if not _is_center(organisation)]
    return found


def reads_center(user) -> bool:
    """Whether the user sees every figure of the center exactly."""
    organisations = Organisation.objects.managed_by(user, Permission.FIGURE_ROWS)
    return user.can_everywhere(Permission.FIGURE_ROWS) or organisations.filter(kind=Organisation.Kind.CENTER).exists()


def in_territories(queryset: QuerySet, school: str, territories) -> QuerySet:
    """The rows whose school lies in one of the territories; `school` is the path to it, empty for schools."""
    if not territories:
        return queryset
    path = f"{school}__" if school else ""
    return queryset.filter(
        Q(**{f"{path}departement__in": territories})
        | Q(**{f"{path}academie__in": territories})
        | Q(**{f"{path}departement__region__in": territories})
    )


def _managed(organisations, user, permission):
    return organisations.filter(pk__in=Organisation.objects.managed_by(user, permission).values("pk"))


def _is_center(organisation):
    return organisation.kind == Organisation.Kind.CENTER


def _has_center(organisations):
    return any(map(_is_center, organisations))


def _center(*, is_exact):
    return Perimeter(Within.ALL, 0, _("The whole center"), is_exact)


def _pillars():
    """The pillars that act; measuring and research read them."""
    acting = (Programme.Pillar.AWARENESS, Programme.Pillar.TUTORING, Programme.Pillar.ENGAGEMENT)
    return [
        Perimeter(
            Within.PILLAR,
            pillar.value,
            _("Pillar %(number)s: %(name)s") % {"number": pillar, "name": pillar.label},
            True,
        )
        for pillar in acting
    ]


def _organisation(organisation, *, is_exact):
    return Perimeter(Within.ORGANISATION, organisation.pk, str(organisation), is_exact)


def _territory(user):
    """A government reader's territories as one: read apart, one subtracted from another would show what is hidden."""
    ids = GrantScope.objects.live(user, Permission.FIGURE_VIEW).filter(territory__isnull=False).values("territory")
    territories = tuple(Territory.objects.filter(pk__in=ids))
    if not territories:
        return []
    return [Perimeter(Within.ALL, 0, ", ".join(map(str, territories)), False, territories)]
