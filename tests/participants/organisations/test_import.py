"""Reading official files: the small rules on small files, the real files with exact counts, files made to harm."""

import csv
import http.server
import io
import json
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from participants.organisations import actions
from participants.organisations.actions.schools import ONE_AT_A_TIME
from participants.organisations.directory import reading
from participants.organisations.models import School, SchoolYearProfile, Territory
from participants.organisations.uai import uai_key
from tests.factories.organisations import SchoolFactory

REAL = Path(settings.BASE_DIR).parent / "shared" / "data"
needs_real_files = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here")

UTRILLO = {
    "Identifiant_de_l_etablissement": "0932030B",
    "Nom_etablissement": "Lycée polyvalent Maurice Utrillo",
    "Type_etablissement": "Lycée",
    "Statut_public_prive": "Public",
    "Adresse_1": "152 rue Jean Durand",
    "Code_postal": "93240",
    "Code_commune": "93072",
    "Nom_commune": "Stains",
    "Code_departement": "093",
    "Code_academie": "24",
    "Voie_generale": "1",
    "Voie_technologique": "1",
    "Voie_professionnelle": "1",
    "Mail": "ce.0932030b@ac-creteil.fr",
    "Web": "www.utrillo.example.org",
    "Appartenance_Education_Prioritaire": "",
    "SIREN_SIRET": "19932030000023",
    "Nombre_d_eleves": "1140",
    "latitude": "48.95257",
    "longitude": "2.36941",
    "date_maj_ligne": "2024-03-19",
    "etat": "OUVERT",
    "code_nature": "306",
    "Code_type_contrat_prive": "99",
}


@pytest.fixture
def write(tmp_path):
    """`write(rows)` is a file with these rows; options say how it is written."""

    def write(rows, *, name="schools.csv", delimiter=";", encoding="utf-8"):
        columns = list(dict.fromkeys(column for row in rows for column in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


def read(path, **options):
    return actions.import_schools(path=path, **options)


def another(number, **cells):
    """Another lycée, in the same place."""
    digits = f"{930_000 + number:07d}"
    uai = digits + uai_key(digits)
    return UTRILLO | {"Identifiant_de_l_etablissement": uai, "Nom_etablissement": f"Lycée {number}"} | cells


def untouched():
    """What a refused or repeated import leaves as it was."""
    schools = School.objects.order_by("uai").values_list("uai", "name", "state", "imported_at")
    return list(schools), list(SchoolYearProfile.objects.order_by("school_id", "school_year").values_list())


class TestDirectory:
    def test_what_one_line_says(self, db, write):
        report = read(write([UTRILLO]))
        assert (report.schools.added, report.years.added, report.school_year) == (1, 1, 2023)
        school = School.objects.get()
        assert {name: getattr(school, name) for name in ("uai", "name", "kind", "sector", "state", "postcode")} == {
            "uai": "0932030B",
            "name": "Lycée polyvalent Maurice Utrillo",
            "kind": "lycee_polyvalent",
            "sector": "public",
            "state": "open",
            "postcode": "93240",
        }
        assert (school.departement.code, school.academie.name, school.departement.zone) == ("93", "Créteil", "C")
        assert (school.email, school.website) == ("ce.0932030b@ac-creteil.fr", "http://www.utrillo.example.org")
        assert (school.has_general, school.is_section, school.nature_code) == (True, False, "306")
        profile = school.profiles.get()
        assert (profile.school_year, profile.head_count, profile.priority_education) == (2023, 1140, "none")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    def test_encodings_and_delimiters(self, db, write, encoding, delimiter):
        read(write([UTRILLO], encoding=encoding, delimiter=delimiter))
        assert School.objects.get().name == "Lycée polyvalent Maurice Utrillo"

    def test_columns_in_any_order_and_case_with_others_between(self, db, write):
        row = {"Unknown": "?"} | {name.upper(): value for name, value in reversed(UTRILLO.items())}
        assert read(write([row])).schools.added == 1
        assert School.objects.get().departement.code == "93"

    def test_a_second_run_changes_nothing(self, db, write):
        path = write([UTRILLO, another(1), another(2, etat="A FERMER")])
        read(path)
        before = untouched()
        report = read(path)
        assert (report.schools.added, report.schools.changed, report.schools.unchanged) == (0, 0, 3)
        assert (report.years.added, report.years.changed, report.years.unchanged) == (0, 0, 3)
        assert untouched() == before

    def test_only_what_differs_is_touched_and_told(self, db, write):
        read(write([UTRILLO, another(1)]))
        before = School.objects.get(name="Lycée 1").imported_at
        report = read(write([UTRILLO | {"Nom_commune": "Pierrefitte", "Nombre_d_eleves": "1200"}, another(1)]))
        assert (report.schools.changed, report.schools.unchanged, report.schools.fields) == (1, 1, {"commune": 1})
        assert (report.years.changed, report.years.fields) == (1, {"head_count": 1})
        assert School.objects.get(name="Lycée 1").imported_at == before

    def test_an_empty_cell_erases_nothing(self, db, write):
        read(write([UTRILLO]))
        report = read(write([UTRILLO | {"Mail": "", "Nom_commune": "", "latitude": "", "Nombre_d_eleves": ""}]))
        assert report.schools.changed == 0
        school = School.objects.get()
        assert (school.email, school.commune, school.latitude) == ("ce.0932030b@ac-creteil.fr", "Stains", 48.95257)

    def test_wrong_uais_are_rejected_with_the_reason(self, db, write):
        codes = ["0932030C", "093203B", "", "0932030I"]
        report = read(write([UTRILLO, *(UTRILLO | {"Identifiant_de_l_etablissement": code} for code in codes)]))
        assert report.schools.added == 1
        assert [line for line, _reason in report.rejected.first] == [3, 4, 5, 6]
        assert "0932030C" in report.rejected.first[0][1]

    def test_a_uai_in_small_letters_is_the_same_school(self, db, write):
        read(write([UTRILLO | {"Identifiant_de_l_etablissement": " 0932030b "}]))
        assert School.objects.get().uai == "0932030B"

    def test_lines_of_another_length_and_without_name(self, db, tmp_path, write):
        path = write([UTRILLO, another(1, Nom_etablissement=" ")])
        path.write_text(path.read_text() + "0930001A;too short\n")
        report = read(path)
        assert (report.schools.added, report.rejected.count) == (1, 2)

    def test_odd_details_are_warnings(self, db, write):
        row = UTRILLO | {
            "SIREN_SIRET": "13001422800051",
            "Mail": "not an address",
            "Web": "javascript:alert(1)",
            "latitude": "95",
            "Nombre_d_eleves": "many",
            "Code_departement": "999",
        }
        report = read(write([row]))
        assert (report.schools.added, report.warnings.count) == (1, 6)
        school = School.objects.get()
        assert (school.siret, school.email, school.website) == ("13001422800051", "", "")
        assert (school.latitude, school.longitude, school.departement) == (None, None, None)
        assert school.academie.code == "24"

    @pytest.mark.parametrize(
        ("cells", "kind"),
        [
            ({"code_nature": "300"}, "lycee_gt"),
            ({"code_nature": "320"}, "lycee_pro"),
            ({"code_nature": "320", "Lycee_Agricole": "1"}, "lycee_agricole"),
            ({"code_nature": "334"}, "section"),
            ({"code_nature": "390", "Type_etablissement": "Collège"}, "section"),
            ({"code_nature": "340", "Type_etablissement": "Collège"}, "college"),
            ({"code_nature": "370", "Type_etablissement": "EREA"}, "erea"),
            ({"code_nature": "", "Type_etablissement": "Collège"}, "college"),
            ({"code_nature": "315"}, "other"),
        ],
    )
    def test_kinds(self, db, write, cells, kind):
        read(write([UTRILLO | cells]))
        school = School.objects.get()
        assert (school.kind, school.is_section) == (kind, kind == "section")

    @pytest.mark.parametrize(
        ("cells", "sector"),
        [
            ({"Statut_public_prive": "Privé", "Code_type_contrat_prive": "30"}, "private_contract"),
            ({"Statut_public_prive": "Privé", "Code_type_contrat_prive": "10"}, "private"),
            ({"Statut_public_prive": "Privé", "ministere_tutelle": "AGRICULTURE"}, "private_contract"),
            ({"Statut_public_prive": "Privé"}, "unknown"),
            ({"Statut_public_prive": "Public"}, "public"),
        ],
    )
    def test_sectors(self, db, write, cells, sector):
        read(write([UTRILLO | cells]))
        assert School.objects.get().sector == sector

    @pytest.mark.parametrize(
        ("code", "departement"),
        [("093", "93"), ("006", "06"), ("02A", "2A"), ("974", "974"), ("1", "01"), ("620", "2A")],
    )
    def test_departements(self, db, write, code, departement):
        read(write([UTRILLO | {"Code_departement": code}]))
        assert School.objects.get().departement.code == departement

    def test_several_sites_are_one_school_whatever_their_order(self, db, write):
        annexe = UTRILLO | {
            "Nom_etablissement": "Annexe du lycée Utrillo",
            "Voie_generale": "0",
            "Nom_commune": "Paris",
        }
        main = UTRILLO | {"Voie_professionnelle": "0"}
        for sites in ([annexe, main], [main, annexe]):
            report = read(write(sites))
            assert report.merged == 1
            school = School.objects.get()
            assert (school.name, school.commune) == (UTRILLO["Nom_etablissement"], "Stains")
            assert (school.has_general, school.has_vocational) == (True, True)
        assert report.schools.changed == 0

    def test_sections_know_their_mother(self, db, write):
        section = another(1, code_nature="334", etablissement_mere="0932030B")
        read(write([section, UTRILLO]))
        assert School.objects.get(kind="section").mother.uai == "0932030B"
        assert read(write([section, UTRILLO])).schools.changed == 0

    def test_primary_schools_are_left_out(self, db, write):
        report = read(write([UTRILLO, another(1, Type_etablissement="Ecole"), another(2, Type_etablissement="Ecole")]))
        assert (School.objects.count(), list(report.left_out.values())) == (1, [2])

    def test_a_school_closes_when_the_file_says_so(self, db, write):
        read(write([UTRILLO]))
        report = read(write([UTRILLO | {"etat": "FERME"}]))
        assert (report.closed, School.objects.get().state) == (1, "closed")

    def test_missing_schools_stay_unless_the_file_is_complete(self, db, write):
        read(write([UTRILLO, another(1), another(2)]))
        college = SchoolFactory(kind="college", departement=Territory.objects.get(kind="departement", code="93"))
        elsewhere = SchoolFactory(
            kind="lycee_polyvalent", departement=Territory.objects.get(kind="departement", code="75")
        )
        path = write([UTRILLO, another(1)])
        report = read(path)
        assert (report.absent, report.closed) == (1, 0)
        assert School.objects.filter(state="closed").count() == 0
        report = read(path, is_complete=True)
        assert (report.absent, report.closed) == (1, 1)
        assert School.objects.get(state="closed").name == "Lycée 2"
        assert {college.state, elsewhere.state} == {"open"}
        assert read(path, is_complete=True).closed == 0

    def test_a_town_hall_never_replaces_an_address(self, db, write):
        vague = UTRILLO | {"latitude": "48.9", "longitude": "2.3", "precision_localisation": "Ville"}
        read(write([vague]))
        assert School.objects.get().latitude == 48.9
        read(write([UTRILLO]))
        assert School.objects.get().latitude == 48.95257
        assert read(write([vague])).schools.changed == 0

    def test_the_year_of_undated_facts_can_be_given(self, db, write):
        assert read(write([UTRILLO]), profile_year=2026).school_year == 2026
        assert SchoolYearProfile.objects.get().school_year == 2026


def ips_rows(values, kind="college", year="2022-2023"):
    return [{"rentree_scolaire": year, "uai": school.uai, "effectifs": "500", "ips": ips} for school, ips in values]


class TestIps:
    @pytest.fixture
    def colleges(self, db):
        return [SchoolFactory(kind="college") for _ in range(10)]

    def test_quintiles_within_a_series(self, write, colleges):
        ips = ["70,1", "80.2", "90", "95", "95", "95", "110", "120", "130", "140"]
        report = read(write(ips_rows(zip(colleges, ips, strict=True))))
        assert (report.years.added, report.rejected.count) == (10, 0)
        fifths = [college.profiles.get().ips_quintile for college in colleges]
        assert fifths == [1, 1, 2, 2, 2, 2, 4, 4, 5, 5]  # three equals share the fifth of the first of them
        assert colleges[0].profiles.get().ips_series == "ap2022 college"
        report = read(write(ips_rows(zip(colleges, ips, strict=True))))
        assert (report.years.changed, report.years.unchanged) == (0, 10)

    def test_not_published_is_unknown(self, write, colleges):
        read(write(ips_rows([(colleges[0], "NS"), (colleges[1], "101.5")])))
        assert [college.profiles.get().ips for college in colleges[:2]] == [None, 101.5]
        assert colleges[1].profiles.get().ips_quintile is None  # fewer than five have no fifths

    def test_impossible_figures_and_unknown_schools(self, write, colleges):
        rows = ips_rows([(colleges[0], "7"), (colleges[1], "abc"), (SchoolFactory.build(uai="0932030B"), "100")])
        report = read(write(rows))
        assert (report.warnings.count, report.rejected.count) == (2, 1)
        assert "0932030B" in report.rejected.first[0][1]

    def test_lycees_by_track(self, write, db):
        legt, lp, lpo = [SchoolFactory() for _ in range(3)]
        common = {"Rentrée scolaire": "2023-2024", "Effectifs voie GT": "100", "Effectifs voie PRO": "50"}
        rows = [
            common
            | {"UAI": school.uai, "Type de lycée": kind, "IPS voie GT": "110", "IPS voie PRO": "85", "IPS etab": "99"}
            for school, kind in ((legt, "LEGT"), (lp, "LP"), (lpo, "LPO"))
        ]
        read(write(rows))
        told = [(p.ips, p.ips_series, p.head_count) for p in (s.profiles.get() for s in (legt, lp, lpo))]
        assert told == [(110, "ap2023 legt", 150), (85, "ap2023 lp", 150), (99, "ap2023 lpo", 150)]


class TestPriorityEducation:
    def rows(self, school, **cells):
        return [{"uai": school.uai, "label": "REP+", "type": "COLLEGE", "name": "x", "network_head_uai": ""} | cells]

    def test_the_year_stands_in_the_name_or_is_given(self, db, write):
        school = SchoolFactory(kind="college")
        with pytest.raises(ValidationError, match="profile-year"):
            read(write(self.rows(school)))
        read(write(self.rows(school), name="rep_2022.csv"))
        read(write(self.rows(school, label="REP")), profile_year=2026)
        assert list(school.profiles.order_by("school_year").values_list("school_year", "priority_education")) == [
            (2022, "REP+"),
            (2026, "REP"),
        ]

    def test_a_complete_list_says_who_is_not_in_it(self, db, write):
        named, other, section = SchoolFactory(kind="college"), SchoolFactory(), SchoolFactory(is_section=True)
        report = read(write(self.rows(named), name="rep_2022.csv"), is_complete=True)
        assert report.years.added == 2
        assert other.profiles.get().priority_education == "none"
        assert section.profiles.count() == 0

    def test_other_labels_and_primary_schools(self, db, write):
        school = SchoolFactory(kind="college")
        rows = self.rows(school, label="ZEP") + self.rows(school, type="ECOLE MATERNELLE")
        report = read(write(rows, name="rep_2022.csv"))
        assert (report.rejected.count, sum(report.left_out.values())) == (1, 1)


@needs_real_files
@pytest.mark.timeout(300)
class TestRealFiles:
    def test_the_official_directory(self, db):
        path = REAL / "annuaire_lycees_2024_official_format.csv"
        report = read(path)
        assert (report.lines, report.schools.added, report.merged, report.years.added) == (5704, 5665, 39, 4826)
        assert (report.rejected.count, report.warnings.count, report.school_year) == (0, 7, 2023)
        assert School.objects.filter(is_section=True).count() == 858
        assert School.objects.filter(state="closing").count() == 3
        assert School.objects.filter(departement=None).count() == 0
        before = untouched()
        report = read(path)
        assert (report.schools.added, report.schools.changed, report.schools.unchanged) == (0, 0, 5665)
        assert (report.years.added, report.years.changed, report.years.unchanged) == (0, 0, 4826)
        assert untouched() == before

    def test_the_merged_list_then_priority_education(self, db):
        report = read(REAL / "schools_secondary.csv")
        assert (report.lines, report.schools.added, report.years.added) == (14941, 14941, 12605)
        assert (report.rejected.count, report.school_year) == (0, 2022)
        assert School.objects.pickable().count() == 12591
        assert SchoolYearProfile.objects.filter(ips__isnull=False).count() == 10571
        assert SchoolYearProfile.objects.filter(priority_education="REP+").count() == 369
        assert SchoolYearProfile.objects.filter(neighbourhood="in", neighbourhood_version=2015).count() == 253
        again = read(REAL / "schools_secondary.csv")
        assert (again.schools.unchanged, again.years.unchanged) == (14941, 12605)
        assert (again.schools.added, again.schools.changed, again.years.changed) == (0, 0, 0)
        rep = read(REAL / "rep_2022.csv")
        assert (rep.lines, sum(rep.left_out.values()), rep.years.changed, rep.years.unchanged) == (7708, 6615, 0, 1093)

    def test_the_territories(self, db):
        call_command("import_territories", str(REAL / "departements_academies.csv"), stdout=io.StringIO())
        assert Territory.objects.filter(kind="departement").count() == 109
        out = io.StringIO()
        call_command("import_territories", str(REAL / "departements_academies.csv"), stdout=out)
        assert "169" in out.getvalue()
        assert Territory.objects.get(kind="departement", code="2B").zone == "own"


HARMFUL = {
    "empty": b"",
    "blank": b"\n\n\n",
    "null bytes": b"uai;name\n\0\0\0;x\n",
    "utf-16": "uai;name;kind;sector\nx;y;z;t\n".encode("utf-16"),
    "spreadsheet": b"PK\x03\x04\x14\x00\x06\x00" + b"x" * 100,
    "old spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100,
    "gzip": b"\x1f\x8b\x08\x00" + b"x" * 100,
    "pdf": b"%PDF-1.7\n",
    "damaged utf-8": "uai;name;kind;sector\nLycée Évry é à è;\n".encode() + b"\xff\xfe\xe9\n",
    "random bytes": bytes(range(1, 256)) * 40,
    "ten thousand columns": b";".join(b"c%d" % n for n in range(10_000)) + b"\n",
    "same column twice": b"uai;name;kind;sector;uai\n1;2;3;4;5\n",
    "unknown columns": b"first;second\n1;2\n",
    "html": b"<!doctype html><html><body>Not found</body></html>",
    "json": b'{"results": []}',
    "endless line": b"uai;name;kind;sector\n" + b"x" * (reading.MAX_LINE + 10),
    "open quote": b'uai;name;kind;sector\n"' + b"x\n" * 100_000,
    "huge cell": b"uai;name;kind;sector\n" + b"x" * 150_000 + b";b;c;d\n",
}


@pytest.mark.hostile_files
@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_file_is_refused_in_one_sentence(db, tmp_path, content):
    SchoolFactory()
    before = untouched()
    path = tmp_path / "schools.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        call_command("import_schools", str(path))
    assert 10 < len(str(refusal.value)) < 300
    assert untouched() == before


@pytest.mark.hostile_files
def test_a_file_that_grows_too_large_is_not_read(db, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    path = tmp_path / "schools.csv"
    path.write_bytes(b"x" * 101)
    with pytest.raises(CommandError, match="0"):
        call_command("import_schools", str(path))


@pytest.mark.sabotage
@pytest.mark.hostile_files
def test_without_the_limit_a_large_file_would_be_read(db, write, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    monkeypatch.setenv("EOC_SABOTAGE", "import_limits")
    assert read(write([UTRILLO])).schools.added == 1


@pytest.mark.hostile_files
def test_too_many_lines_write_nothing(db, write, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(ValidationError):
        read(write([another(n) for n in range(3)]))
    assert read(write([another(n) for n in range(2)])).schools.added == 2


@pytest.mark.hostile_files
def test_harmful_cells_are_rejected_or_cleaned(db, write):
    names = [
        "x" * 201,
        "Lycée\x07\u202eBell\u200b",
        "<script>alert(1)</script>",
        "=1+1",
        "'; DROP TABLE users; --",
        "\\N",
    ]
    report = read(write([another(n, Nom_etablissement=name) for n, name in enumerate(names)]))
    assert (report.rejected.count, report.schools.added) == (1, 5)
    assert set(School.objects.values_list("name", flat=True)) == {"Lycée Bell", *names[2:]}


@pytest.mark.parametrize("path", ["/nowhere/at/all.csv", "/"])
def test_a_file_that_is_not_there(db, path):
    with pytest.raises(CommandError):
        call_command("import_schools", path)


@pytest.mark.parametrize("arguments", [[], ["x.csv", "--profile-year", "20"]])
def test_wrong_arguments(db, arguments):
    with pytest.raises(CommandError):
        call_command("import_schools", *arguments)


def test_the_report_in_sentences_and_for_programs(db, write):
    rows = [UTRILLO, UTRILLO, another(1, Type_etablissement="Ecole"), another(2, Identifiant_de_l_etablissement="?")]
    told, figures = io.StringIO(), io.StringIO()
    call_command("import_schools", str(write(rows)), stdout=told)
    call_command("import_schools", str(write(rows)), "--json", stdout=figures)
    assert len(told.getvalue().splitlines()) == 8
    answer = json.loads(figures.getvalue())
    assert (answer["lines"], answer["merged"], answer["schools"]["unchanged"]) == (4, 1, 1)
    assert answer["rejected"]["first"][0][0] == 5


class OpenData(http.server.BaseHTTPRequestHandler):
    """The ministry's site, as far as we ask it."""

    answer = b""
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200 if self.answer else 503)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def open_data(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), OpenData)
    settings.OPEN_DATA_URL = f"http://127.0.0.1:{server.server_port}"
    OpenData.asked.clear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield OpenData
    server.shutdown()
    thread.join()
    server.server_close()


def test_download(db, open_data, write):
    open_data.answer = write([UTRILLO]).read_bytes()
    call_command("import_schools", "--download", stdout=io.StringIO())
    assert School.objects.get().uai == "0932030B"
    assert open_data.asked[0].startswith("/api/explore/v2.1/catalog/datasets/fr-en-annuaire-education/exports/csv?")


def test_a_failed_download_says_so(db, open_data):
    open_data.answer = b""
    with pytest.raises(CommandError, match="503"):
        call_command("import_schools", "--download")


@pytest.fixture
def running_import(transactional_db):
    """Somebody else's import, which has not ended yet."""
    holding, done = threading.Event(), threading.Event()

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            holding.set()
            done.wait(10)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(10)
    yield lambda: (done.set(), other.join())
    done.set()
    other.join()


@pytest.mark.race
def test_two_imports_at_once_the_second_is_refused(running_import, write):
    path = write([UTRILLO])
    with pytest.raises(ValidationError):
        read(path)
    assert School.objects.count() == 0
    running_import()
    assert read(path).schools.added == 1


@pytest.mark.sabotage
@pytest.mark.race
def test_without_the_lock_both_would_run(running_import, write, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "import_lock")
    assert read(write([UTRILLO])).schools.added == 1
