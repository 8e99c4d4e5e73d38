"""The official files that we understand, known by the columns they have, and what one line of each says.

A line says facts about a school, facts about a school in one school year, or both. What it does not say is left out or
None, and never erases what is known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from participants.accounts.text import fold
from participants.organisations.directory import cells
from participants.organisations.directory.reading import Table
from participants.organisations.models import School, SchoolYearProfile
from participants.organisations.nomenclature import departement_code
from participants.organisations.school_years import school_year_of

Kind, Sector, State = School.Kind, School.Sector, School.State
Priority, Neighbourhood = SchoolYearProfile.PriorityEducation, SchoolYearProfile.Neighbourhood

SECTION_NATURES = {"334", "335", "390"}  # SEP, SGT, SEGPA
KIND_OF_NATURE = {
    **dict.fromkeys(["300", "301", "302"], Kind.LYCEE_GT),
    "306": Kind.LYCEE_POLYVALENT,
    "307": Kind.LYCEE_AGRICOLE,
    "320": Kind.LYCEE_PRO,
    **dict.fromkeys(SECTION_NATURES, Kind.SECTION),
    **dict.fromkeys(["340", "345", "349", "350", "352"], Kind.COLLEGE),
    "370": Kind.EREA,
}
KIND_OF_TYPE = {"college": Kind.COLLEGE, "lycee": Kind.OTHER, "erea": Kind.EREA}
KIND_OF_MERGED = {
    "college": Kind.COLLEGE,
    **dict.fromkeys(["lycee_gt", "lycee_general", "lycee_techno"], Kind.LYCEE_GT),
    "lycee_polyvalent": Kind.LYCEE_POLYVALENT,
    "lycee_pro": Kind.LYCEE_PRO,
    "lycee_agricole": Kind.LYCEE_AGRICOLE,
    "erea": Kind.EREA,
}
LYCEES = {Kind.LYCEE_GT, Kind.LYCEE_POLYVALENT, Kind.LYCEE_PRO, Kind.LYCEE_AGRICOLE, Kind.OTHER}
# Code_type_contrat_prive: 30, 31 association; 50 recognised by the State; 60 agricultural; 10 without contract.
SECTOR_OF_CONTRACT = {**dict.fromkeys(["30", "31", "50", "60"], Sector.PRIVATE_CONTRACT), "10": Sector.PRIVATE}
SECTOR_OF_MERGED = {
    "public": Sector.PUBLIC,
    "prive_sous_contrat": Sector.PRIVATE_CONTRACT,
    "prive_hors_contrat": Sector.PRIVATE,
}
STATE_OF = {"ouvert": State.OPEN, "a ouvrir": State.OPEN, "a fermer": State.CLOSING, "ferme": State.CLOSED}
SECONDARY_SITE = ("annexe", "site ", "campus", "antenne")


class RejectedError(ValueError):
    """A line that cannot be taken; the message is the reason."""


class LeftOutError(ValueError):
    """A line about something that we do not keep, such as a primary school."""


@dataclass
class Line:
    """What one line says, and what was odd about it."""

    uai: str = ""
    school: dict | None = None
    years: list[dict] = field(default_factory=list)
    file_year: int | None = None  # the school year in which this line was up to date
    warnings: list[str] = field(default_factory=list)

    def take(self, reader: Callable, *given, otherwise=None):
        """What the cells say, or a warning and nothing."""
        try:
            return reader(*given)
        except cells.DoubtError as doubt:
            self.warnings.append(str(doubt))
            return otherwise


class Cells(dict):
    """The cells of a line by column; a column that the file does not have is an empty cell."""

    def __missing__(self, column):
        return ""


@dataclass(frozen=True)
class Format:
    """A kind of file: the columns that give it away and what a line of it says."""

    label: Promise
    signature: frozenset[str]
    read: Callable[[Cells], Line]
    is_directory: bool = False  # tells which schools exist


def recognise(table: Table) -> Format:
    """The format of a file by its columns."""
    for known in FORMATS:
        if known.signature <= set(table.columns):
            return known
    raise ValidationError(
        _(
            "These columns belong to no file that we know (%(columns)s…). We read the national directory, the merged "
            "list of secondary schools, IPS files and the REP list."
        )
        % {"columns": ", ".join(table.columns[:5])}
    )


def lines_of(table: Table, known: Format) -> Iterator[tuple[int, Line | RejectedError | LeftOutError]]:
    """Each line with its number: what it says, or why it is rejected or left out."""
    for number, row in table.rows:
        try:
            if len(row) != len(table.columns):
                raise RejectedError(
                    _("%(found)d cells instead of %(wanted)d") % {"found": len(row), "wanted": len(table.columns)}
                )
            yield number, known.read(Cells(zip(table.columns, row, strict=True)))
        except (RejectedError, LeftOutError) as reason:
            yield number, reason
        except cells.DoubtError as doubt:
            yield number, RejectedError(str(doubt))


# --- The national directory -------------------------------------------------------------------------------------------


def _directory_line(row: Cells) -> Line:
    kind_of_place = fold(row["type_etablissement"])
    if kind_of_place not in KIND_OF_TYPE:
        raise LeftOutError(_("no secondary school (%(type)s)") % {"type": row["type_etablissement"][:40] or "?"})
    line = Line(uai=cells.uai(row["identifiant_de_l_etablissement"]))
    nature = cells.code(row["code_nature"], 3, r"\d{3}")
    kind = KIND_OF_NATURE.get(nature, KIND_OF_TYPE[kind_of_place])
    if kind in LYCEES and row["lycee_agricole"] == "1":
        kind = Kind.LYCEE_AGRICOLE
    line.school = _school(
        line,
        name=row["nom_etablissement"],
        kind=kind,
        nature=nature,
        sector=_sector(row),
        state=row["etat"],
        address=", ".join(filter(None, (row[f"adresse_{n}"].strip() for n in (1, 2, 3)))),
        row=row,
        position=(row["latitude"], row["longitude"], row["position"]),
        is_approximate=fold(row["precision_localisation"]) == "ville",
        tracks=("voie_generale", "voie_technologique", "voie_professionnelle"),
        mother=row["etablissement_mere"],
    ) | {
        "email": line.take(cells.email, row["mail"]),
        "phone": line.take(cells.text, row["telephone"], 30),
        "website": line.take(cells.website, row["web"]),
    }
    updated = cells.day(row["date_maj_ligne"])
    line.file_year = school_year_of(updated) if updated else None
    line.years = [
        {
            "head_count": line.take(cells.whole_number, row["nombre_d_eleves"]),
            "priority_education": _priority(row, "appartenance_education_prioritaire", kind),
        }
    ]
    return line


def _sector(row):
    sector = SECTOR_OF_CONTRACT.get(row["code_type_contrat_prive"].strip())
    if sector:
        return sector
    status = fold(row["statut_public_prive"])
    # Private agricultural schools have their contract with another ministry, which the code does not tell.
    if status == "prive" and "agriculture" in fold(row["ministere_tutelle"]):
        return Sector.PRIVATE_CONTRACT
    return Sector.PUBLIC if status == "public" else Sector.UNKNOWN if status else None


def _school(
    line, *, name, kind, nature, sector, state, address, row, position, is_approximate, tracks, mother
):  # one call a format; the names are the documentation
    name = cells.text(name, 200)
    if not name:
        raise RejectedError(_("there is no name"))
    latitude, longitude = line.take(cells.position, *position, otherwise=(None, None))
    siret = line.take(cells.siret, row["siren_siret"] or row["siret"])
    if doubt := cells.siret_doubt(siret):
        line.warnings.append(doubt)
    return {
        "name": name,
        "kind": kind,
        "is_section": kind == Kind.SECTION,
        "nature_code": nature,
        "sector": sector,
        "state": STATE_OF.get(fold(state)),
        "address": line.take(cells.text, address, 250),
        "postcode": cells.code(row["code_postal"] or row["postcode"], 5, r"\d{5}"),
        "commune_code": cells.code(row["code_commune"] or row["commune_code"], 5, r"\d{5}|2[AB]\d{3}"),
        "commune": line.take(cells.text, row["nom_commune"] or row["commune"], 100),
        "departement": departement_code(row["code_departement"] or row["departement"])[:5] or None,
        "academie": cells.code(row["code_academie"] or row["academie_code"], 2, r"\d{2}"),
        "latitude": latitude,
        "longitude": longitude,
        "is_approximate": is_approximate,
        "has_general": cells.flag(row[tracks[0]]),
        "has_technological": cells.flag(row[tracks[1]]),
        "has_vocational": cells.flag(row[tracks[2]]),
        "siret": siret,
        "mother_uai": line.take(cells.other_uai, mother),
        "is_secondary_site": any(word in fold(name) for word in SECONDARY_SITE),
    }


def _priority(row, column, kind):
    """Priority education ends with the collège: whoever is not named in the column, or is a lycée, is not in it."""
    label = _label(row[column])
    if label or column not in row or kind == Kind.SECTION:
        return label
    return Priority.NONE


def _label(cell):
    return {"rep": Priority.REP, "rep+": Priority.REP_PLUS}.get(fold(cell))


# --- The merged list of secondary schools -----------------------------------------------------------------------------


def _merged_line(row: Cells) -> Line:
    line = Line(uai=cells.uai(row["uai"]))
    if row["kind"].startswith("section_"):
        kind = Kind.SECTION
    else:
        kind = KIND_OF_MERGED.get(row["kind"], Kind.OTHER)
    if kind in LYCEES and row["agricole"] == "1":
        kind = Kind.LYCEE_AGRICOLE
    line.school = _school(
        line,
        name=row["name"],
        kind=kind,
        nature=cells.code(row["nature"], 3, r"[1-9]\d{2}"),
        sector=SECTOR_OF_MERGED.get(row["sector"]),
        state=row["state"],
        address=row["address"],
        row=row,
        position=(row["lat"], row["lon"]),
        is_approximate=row["geo"] == "commune",
        tracks=("v_gen", "v_techno", "v_pro"),
        mother=row["mother_uai"],
    )
    line.years = [
        {
            "priority_education": _priority(row, "ep", kind),
            "neighbourhood": row["qpv"] if row["qpv"] in Neighbourhood.values else None,
            "neighbourhood_version": 2015 if row["qpv"] in Neighbourhood.values else None,
        },
        *_dated(row["effectif_year"], head_count=line.take(cells.whole_number, row["effectif"])),
        *_ips_of_merged(line, row),
    ]
    return line


def _ips_of_merged(line, row):
    """Of the year that the line names. `ips_recent` mixes series and covers a part of the country: left out."""
    year = cells.starting_year(row["ips_year"])
    of_track = {"LEGT": row["ips_gt"] or row["ips"], "LP": row["ips_pro"] or row["ips"]}
    value = line.take(cells.ips, of_track.get(row["lycee_type"], row["ips"]))
    return _ips_of(year, value, row["lycee_type"].lower() or row["kind"])


def _dated(cell, **facts):
    year = cells.starting_year(cell)
    return [{"school_year": year} | facts] if year else []


# --- IPS files --------------------------------------------------------------------------------------------------------


def _ips_line(row: Cells) -> Line:
    line = Line(uai=cells.uai(row["uai"]))
    year = cells.starting_year(row["rentree_scolaire"])
    if year is None:
        raise RejectedError(_("“%(year)s” is no school year") % {"year": row["rentree_scolaire"][:20]})
    kind_of_lycee = fold(row["type_de_lycee"])
    everything = row["ips_ensemble_gt_pro"] or row["ips_etab"] or row["ips"]
    of_track = {"legt": row["ips_voie_gt"], "lp": row["ips_voie_pro"]}
    value = line.take(cells.ips, of_track.get(kind_of_lycee) or everything)
    line.years = [
        {"school_year": year, "head_count": _pupils(line, row)},
        *_ips_of(year, value, kind_of_lycee or "college"),
    ]
    return line


def _pupils(line, row):
    for column in ("effectifs", "effectifs_ensemble_gt_pro"):
        if row[column]:
            return line.take(cells.whole_number, row[column])
    parts = [line.take(cells.whole_number, row[f"effectifs_voie_{track}"]) for track in ("gt", "pro")]
    return sum(part or 0 for part in parts) if any(parts) else None


def _ips_of(year, value, kind):
    """An IPS with its series: the method of that year and the kind of school, which are all that it compares with."""
    if value is None or year is None:
        return []
    method = "2016" if year < 2022 else "ap2022" if year == 2022 else "ap2023"
    return [{"school_year": year, "ips": value, "ips_series": f"{method} {kind}"[:20]}]


# --- The list of priority education -----------------------------------------------------------------------------------


def _rep_line(row: Cells) -> Line:
    if not fold(row["type"]).startswith(("college", "segpa", "lycee", "erea")):
        raise LeftOutError(_("no secondary school (%(type)s)") % {"type": row["type"][:40] or "?"})
    line = Line(uai=cells.uai(row["uai"]))
    label = _label(row["label"])
    if label is None:
        raise RejectedError(_("“%(label)s” is neither REP nor REP+") % {"label": row["label"][:20]})
    line.years = [{"priority_education": label}]
    return line


FORMATS = [
    Format(
        _lazy("national directory"),
        frozenset({"identifiant_de_l_etablissement", "nom_etablissement", "type_etablissement"}),
        _directory_line,
        is_directory=True,
    ),
    Format(
        _lazy("merged list of secondary schools"),
        frozenset({"uai", "name", "kind", "sector"}),
        _merged_line,
        is_directory=True,
    ),
    Format(_lazy("IPS of lycées"), frozenset({"uai", "rentree_scolaire", "type_de_lycee"}), _ips_line),
    Format(_lazy("IPS of collèges"), frozenset({"uai", "rentree_scolaire", "ips"}), _ips_line),
    Format(_lazy("IPS of collèges"), frozenset({"uai", "rentree_scolaire", "ips_etab"}), _ips_line),
    Format(_lazy("list of priority education"), frozenset({"uai", "label", "type"}), _rep_line),
]
