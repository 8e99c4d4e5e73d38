"""The official territories of France: régions, académies with their holiday zone, départements.

Codes of INSEE and of the ministry of education, 2026. Public facts that change by law, so they live with the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass

REGIONS = {
    "01": "Guadeloupe",
    "02": "Martinique",
    "03": "Guyane",
    "04": "La Réunion",
    "06": "Mayotte",
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur",
    "94": "Corse",
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
}
ACADEMIES = {
    "01": "Paris",
    "02": "Aix-Marseille",
    "03": "Besançon",
    "04": "Bordeaux",
    "06": "Clermont-Ferrand",
    "07": "Dijon",
    "08": "Grenoble",
    "09": "Lille",
    "10": "Lyon",
    "11": "Montpellier",
    "12": "Nancy-Metz",
    "13": "Poitiers",
    "14": "Rennes",
    "15": "Strasbourg",
    "16": "Toulouse",
    "17": "Nantes",
    "18": "Orléans-Tours",
    "19": "Reims",
    "20": "Amiens",
    "22": "Limoges",
    "23": "Nice",
    "24": "Créteil",
    "25": "Versailles",
    "27": "Corse",
    "28": "La Réunion",
    "31": "Martinique",
    "32": "Guadeloupe",
    "33": "Guyane",
    "40": "Nouvelle-Calédonie",
    "41": "Polynésie française",
    "42": "Wallis-et-Futuna",
    "43": "Mayotte",
    "44": "Saint-Pierre-et-Miquelon",
    "70": "Normandie",
}
# The zone of an académie; those not named here have a calendar of their own.
ZONES = {
    "A": "03 04 06 07 08 10 13 22",
    "B": "02 09 12 14 15 17 18 19 20 23 70",
    "C": "01 11 16 24 25",
}
# UAIs write these départements in their own way.
UAI_PREFIXES = {"620": "2A", "720": "2B", "983": "988", "984": "987"}
# code, région, académie, name
DEPARTEMENTS = """
01  84  10 Ain
02  32  20 Aisne
03  84  06 Allier
04  93  02 Alpes-de-Haute-Provence
05  93  02 Hautes-Alpes
06  93  23 Alpes-Maritimes
07  84  08 Ardèche
08  44  19 Ardennes
09  76  16 Ariège
10  44  19 Aube
11  76  11 Aude
12  76  16 Aveyron
13  93  02 Bouches-du-Rhône
14  28  70 Calvados
15  84  06 Cantal
16  75  13 Charente
17  75  13 Charente-Maritime
18  24  18 Cher
19  75  22 Corrèze
2A  94  27 Corse-du-Sud
2B  94  27 Haute-Corse
21  27  07 Côte-d’Or
22  53  14 Côtes-d’Armor
23  75  22 Creuse
24  75  04 Dordogne
25  27  03 Doubs
26  84  08 Drôme
27  28  70 Eure
28  24  18 Eure-et-Loir
29  53  14 Finistère
30  76  11 Gard
31  76  16 Haute-Garonne
32  76  16 Gers
33  75  04 Gironde
34  76  11 Hérault
35  53  14 Ille-et-Vilaine
36  24  18 Indre
37  24  18 Indre-et-Loire
38  84  08 Isère
39  27  03 Jura
40  75  04 Landes
41  24  18 Loir-et-Cher
42  84  10 Loire
43  84  06 Haute-Loire
44  52  17 Loire-Atlantique
45  24  18 Loiret
46  76  16 Lot
47  75  04 Lot-et-Garonne
48  76  11 Lozère
49  52  17 Maine-et-Loire
50  28  70 Manche
51  44  19 Marne
52  44  19 Haute-Marne
53  52  17 Mayenne
54  44  12 Meurthe-et-Moselle
55  44  12 Meuse
56  53  14 Morbihan
57  44  12 Moselle
58  27  07 Nièvre
59  32  09 Nord
60  32  20 Oise
61  28  70 Orne
62  32  09 Pas-de-Calais
63  84  06 Puy-de-Dôme
64  75  04 Pyrénées-Atlantiques
65  76  16 Hautes-Pyrénées
66  76  11 Pyrénées-Orientales
67  44  15 Bas-Rhin
68  44  15 Haut-Rhin
69  84  10 Rhône
70  27  03 Haute-Saône
71  27  07 Saône-et-Loire
72  52  17 Sarthe
73  84  08 Savoie
74  84  08 Haute-Savoie
75  11  01 Paris
76  28  70 Seine-Maritime
77  11  24 Seine-et-Marne
78  11  25 Yvelines
79  75  13 Deux-Sèvres
80  32  20 Somme
81  76  16 Tarn
82  76  16 Tarn-et-Garonne
83  93  23 Var
84  93  02 Vaucluse
85  52  17 Vendée
86  75  13 Vienne
87  75  22 Haute-Vienne
88  44  12 Vosges
89  27  07 Yonne
90  27  03 Territoire de Belfort
91  11  25 Essonne
92  11  25 Hauts-de-Seine
93  11  24 Seine-Saint-Denis
94  11  24 Val-de-Marne
95  11  25 Val-d’Oise
971 01  32 Guadeloupe
972 02  31 Martinique
973 03  33 Guyane
974 04  28 La Réunion
975 975 44 Saint-Pierre-et-Miquelon
976 06  43 Mayotte
977 977 32 Saint-Barthélemy
978 978 32 Saint-Martin
986 986 42 Wallis-et-Futuna
987 987 41 Polynésie française
988 988 40 Nouvelle-Calédonie
"""


@dataclass(frozen=True)
class TerritoryFacts:
    """One territory; a département names its région and its académie by their codes."""

    kind: str
    code: str
    name: str
    zone: str = ""
    region: str = ""
    academie: str = ""


def official_territories() -> Iterator[TerritoryFacts]:
    """All of them, each after those that it names."""
    zones = {academie: zone for zone, academies in ZONES.items() for academie in academies.split()}
    yield from (TerritoryFacts("region", code, name) for code, name in REGIONS.items())
    yield from (TerritoryFacts("academie", code, name, zone=zones.get(code, "own")) for code, name in ACADEMIES.items())
    for line in DEPARTEMENTS.strip().splitlines():
        code, region, academie, name = line.split(maxsplit=3)
        yield TerritoryFacts("departement", code, name, zones.get(academie, "own"), region, academie)


def departement_code(written: str) -> str:
    """A département as INSEE writes it: `093` is 93, `6` is 06, `02A` and the UAI prefix `620` are 2A."""
    code = written.strip().upper().lstrip("0")
    return UAI_PREFIXES.get(code) or (code.zfill(2) if code else "")
