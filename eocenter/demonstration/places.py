"""Where it happens: member schools, clubs, a partner, three hundred schools and their profiles."""

import random
from collections import defaultdict
from itertools import count

from eocenter.demonstration.towns import plain, read_towns
from participants.organisations.models import Organisation, School, SchoolYearProfile, Territory
from participants.organisations.uai import uai_key

MEMBER_SCHOOLS = [
    ("École des ingénieurs du Plateau", "Plateau", "plateau.example.org", "Palaiseau", 48.7128, 2.2089),
    ("École supérieure des réseaux", "Réseaux", "reseaux.example.org", "Palaiseau", 48.7131, 2.2003),
    ("École de la statistique et des données", "Données", "donnees.example.org", "Palaiseau", 48.7110, 2.2070),
    ("École des techniques marines", "Techniques", "techniques.example.org", "Palaiseau", 48.7107, 2.2185),
    ("Institut du numérique d’Évry", "Numérique", "numerique.example.org", "Évry-Courcouronnes", 48.6253, 2.4427),
]
CLUBS = [("Les Passeurs de sciences", "Plateau"), ("Code pour toutes", "Réseaux"), ("Tutorat solidaire", "Numérique")]
NEAR = {
    "essonne": 9,
    "seine saint denis": 7,
    "hauts de seine": 5,
    "val d oise": 5,
    "val de marne": 5,
    "yvelines": 5,
    "seine et marne": 5,
    "paris": 5,
}
KINDS = {
    School.Kind.COLLEGE: ("Collège", 40, 103, 16),
    School.Kind.LYCEE_GT: ("Lycée", 25, 114, 14),
    School.Kind.LYCEE_POLYVALENT: ("Lycée polyvalent", 17, 105, 13),
    School.Kind.LYCEE_PRO: ("Lycée professionnel", 18, 90, 10),
}
NAMES = [
    *("des Tilleuls", "du Belvédère", "des Quatre-Vents", "de la Roseraie", "de l’Observatoire"),
    *("des Deux-Rivières", "du Vieux-Moulin", "des Hauts-Champs", "de la Clairière", "du Levant"),
    *("des Trois-Ormes", "de la Grande-Ourse", "du Méridien", "des Alizés", "de la Fontaine-Ronde", "du Phare"),
    *("des Peupliers", "de la Boussole", "du Cadran", "des Horizons", "de la Vallée-Claire", "du Bois-Joli"),
    *("des Cerisiers", "de la Passerelle", "de l’Étoile-Polaire", "du Grand-Pré", "des Marronniers"),
    *("de la Source", "du Coteau", "de l’Écluse", "des Glycines", "du Solstice"),
]


def build_organisations():
    """The center, its member schools, their clubs and a partner association; by short name."""
    center = Organisation.objects.create(
        kind=Organisation.Kind.CENTER,
        name="Centre égalité des chances",
        short_name="Centre",
        city="Palaiseau",
        latitude=48.7130,
        longitude=2.2060,
    )
    made = {"Centre": center}
    for name, short, domain, city, latitude, longitude in MEMBER_SCHOOLS:
        made[short] = Organisation.objects.create(
            kind=Organisation.Kind.MEMBER_SCHOOL,
            name=name,
            short_name=short,
            parent=center,
            email_domain=domain,
            city=city,
            latitude=latitude,
            longitude=longitude,
        )
    for name, school in CLUBS:
        made[name] = Organisation.objects.create(kind=Organisation.Kind.CLUB, name=name, parent=made[school])
    made["Association"] = Organisation.objects.create(
        kind=Organisation.Kind.ASSOCIATION, name="Association Sciences en chemin", parent=center, city="Massy"
    )
    return made


def build_schools(dice: random.Random, how_many: int) -> list[School]:
    """Schools with valid keys in real towns: more than half around the campuses, the others all over the country."""
    departements = {plain(t.name): t for t in Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT)}
    towns = [town for town in read_towns() if town.departement in departements]
    near = [town for town in towns if town.departement in NEAR]
    weights = [NEAR[town.departement] * town.population**0.35 for town in near]
    chosen = dice.choices(near, weights, k=how_many * 6 // 10)
    chosen += dice.choices(towns, [town.population**0.6 for town in towns], k=how_many - len(chosen))
    serials, names, taken = defaultdict(lambda: count(9000)), list(NAMES), set()
    schools = []
    for town in chosen:
        departement = departements[town.departement]
        kind = dice.choices(list(KINDS), [share for _, share, _, _ in KINDS.values()])[0]
        free = [name for name in names if (town.name, kind, name) not in taken] or names
        name = dice.choice(free)
        taken.add((town.name, kind, name))
        schools.append(_school(dice, town, departement, kind, name, next(serials[departement.code])))
    return School.objects.bulk_create(schools)


def _school(dice, town, departement, kind, name, serial):
    digits = f"{ {'2A': '620', '2B': '720'}.get(departement.code, departement.code.zfill(3)) }{serial:04d}"
    uai = digits + uai_key(digits)
    return School(
        uai=uai,
        name=f"{KINDS[kind][0]} {name}",
        kind=kind,
        sector=dice.choices([School.Sector.PUBLIC, School.Sector.PRIVATE_CONTRACT], [86, 14])[0],
        commune=town.name,
        departement=departement,
        academie=departement.academie,
        # Not all in the square before the town hall.
        latitude=round(town.latitude + dice.gauss(0, 0.008), 5),
        longitude=round(town.longitude + dice.gauss(0, 0.012), 5),
        email=f"ce.{uai.lower()}@ac-demonstration.example.org",
        has_general=kind in {School.Kind.LYCEE_GT, School.Kind.LYCEE_POLYVALENT},
        has_technological=kind in {School.Kind.LYCEE_GT, School.Kind.LYCEE_POLYVALENT},
        has_vocational=kind in {School.Kind.LYCEE_PRO, School.Kind.LYCEE_POLYVALENT},
    )


def build_profiles(dice: random.Random, schools: list[School], years: list[int]):
    """The facts of each year: an IPS that drifts a little, priority education for the poorest collèges."""
    base = {school.pk: _first_ips(dice, school) for school in schools}
    for year in years:
        ips = {pk: value and round(value + dice.gauss(0, 0.8), 1) for pk, value in base.items()}
        quintiles = _quintiles(schools, ips)
        SchoolYearProfile.objects.bulk_create(
            SchoolYearProfile(
                school=school,
                school_year=year,
                ips=ips[school.pk],
                ips_series="ap2023" if ips[school.pk] else "",
                ips_quintile=quintiles.get(school.pk),
                priority_education=_priority(school, ips[school.pk], quintiles.get(school.pk)),
                rurality=SchoolYearProfile.Rurality.UNKNOWN,
                head_count=dice.randint(280, 900) if school.kind == School.Kind.COLLEGE else dice.randint(350, 1600),
            )
            for school in schools
        )


def _first_ips(dice, school):
    if school.sector != School.Sector.PUBLIC and dice.random() < 0.2:
        return None  # not published for small private schools
    _, _, mean, spread = KINDS[school.kind]
    poorer = 9 if school.departement.code in {"93", "95"} else 0
    richer = 12 if school.sector != School.Sector.PUBLIC else 0
    return min(160, max(58, dice.gauss(mean - poorer + richer, spread)))


def _quintiles(schools, ips):
    """The fifth of its kind in which each school lies; 1 is the lowest."""
    of_kind = defaultdict(list)
    for school in schools:
        if ips[school.pk]:
            of_kind[school.kind].append(school.pk)
    return {
        pk: rank * 5 // len(pks) + 1
        for pks in of_kind.values()
        for rank, pk in enumerate(sorted(pks, key=lambda pk: ips[pk]))
    }


def _priority(school, ips, quintile):
    levels = SchoolYearProfile.PriorityEducation
    if school.kind != School.Kind.COLLEGE or school.sector != School.Sector.PUBLIC:
        return levels.NONE
    if ips is None:
        return levels.UNKNOWN
    if quintile == 1:
        return levels.REP_PLUS if ips < 85 else levels.REP
    return levels.NONE
