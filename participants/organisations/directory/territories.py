"""The file of départements with their région, académie and zone (`departements_academies.csv`)."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.organisations.directory.reading import open_table
from participants.organisations.nomenclature import TerritoryFacts

COLUMNS = {"code", "name", "region", "region_name", "academie_code", "academie", "zone"}


def read_territories(path: Path) -> list[TerritoryFacts]:
    """Régions, académies and départements of a file, each after those that it names."""
    with open_table(path) as table:
        if not set(table.columns) >= COLUMNS:
            raise ValidationError(
                _("Columns are missing: %(names)s.") % {"names": ", ".join(sorted(COLUMNS - set(table.columns)))}
            )
        rows = [dict(zip(table.columns, row, strict=False)) for _line, row in table.rows]
    regions = {row["region"]: row["region_name"] for row in rows}
    academies = {row["academie_code"]: row for row in rows}
    return [
        *(TerritoryFacts("region", code, name) for code, name in sorted(regions.items()) if code),
        *(
            TerritoryFacts("academie", code, row["academie"], row["zone"] or "own")
            for code, row in sorted(academies.items())
            if code
        ),
        *(
            TerritoryFacts(
                "departement", row["code"], row["name"], row["zone"] or "own", row["region"], row["academie_code"]
            )
            for row in rows
        ),
    ]
