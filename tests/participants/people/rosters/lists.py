"""The fixtures: one list for each way in which schools write them."""

import datetime as dt

from tests.participants.people.rosters.files import List, ods, text, xlsx

BORN = dt.date(2012, 3, 14)
DUPONT = ("Dupont", "Léa", "2012-03-14", "F", "3A", "3E")
MARTIN = ("Martin", "Jean-Marie", "2011-12-01", "M", "3A", "3E")
TEMPLATE = [
    ["Nom", "Prénom", "Date de naissance", "Sexe", "Classe", "Niveau", "Boursier", "Adresse mail",
     "Responsable 1 nom", "Responsable 1 prénom", "Responsable 1 adresse mail",
     "Responsable 2 nom", "Responsable 2 prénom", "Responsable 2 adresse mail"],
    ["Dupont", "Léa", BORN, "F", "A", "3e", "oui", "lea@example.org",
     "Dupont", "Paul", "paul@example.org", "Roy", "Ève", "eve@example.org"],
]  # fmt: skip
LISTS = [
    List(
        "siecle in windows-1252 with a title, a blank line and a total",
        text(
            "Collège des Tilleuls - Liste des élèves - 2026/2027;;;;;",
            ";;;;;",
            "Division;Nom de famille;Prénom 1;Né(e) le;Sexe;Code MEF",
            "3A;DUPONT;Léa;14/03/2012;F;10310019110",
            "3A;MARTIN;Jean-Marie;01/12/2011;M;10310019110",
            "Total : 2 élèves;;;;;",
            encoding="cp1252",
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "siecle in utf-8 with its mark, other columns between",
        text(
            "INE;Nom;Prénom;Tél mobile;Date de naissance;Sexe;Division;Adresse;Ville",
            "123456789AB;DUPONT;Léa;0600000000;14/03/2012;2;3A;1 rue des Lilas;Massy",
            "123456789CD;MARTIN;Jean-Marie;;01/12/2011;1;3A;;Massy",
            encoding="utf-8-sig",
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "pronote: one column for the name, guardians beside their addresses",
        text(
            "Élève;Né(e) le;Sexe;Classe;Responsable 1;Adresse E-mail;Responsable 2;Adresse E-mail",
            "DUPONT Léa;14/03/2012;Féminin;3A;M. DUPONT Paul;paul@example.org;Mme DE LA TOUR Anne;Anne@Example.org",
            "MARTIN Jean-Marie;01/12/2011;Masculin;3A;Mme MARTIN Zoé;;;",
        ),
        [DUPONT, MARTIN],
        guardians={
            "Léa": [(1, "Dupont", "Paul", "paul@example.org"), (2, "de La Tour", "Anne", "anne@example.org")],
            "Jean-Marie": [(1, "Martin", "Zoé", "")],
        },
    ),
    List(
        "école directe with commas and quotes",
        text(
            '"Nom","Prénom","Né le","Sexe","Classe"',
            '"DUPONT","Léa","14/03/2012","F","3A"',
            '"MARTIN","Jean-Marie","01/12/2011","G","3A"',
            end="\n",
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "tabs, columns in another order, capitals in the header",
        text(
            "CLASSE\tSEXE\tDATE DE NAISSANCE\tPRENOM\tNOM",
            "3A\tFille\t14/03/2012\tLéa\tDUPONT",
            "3A\tGarçon\t1/12/2011\tJean-Marie\tMARTIN",
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "years of two digits",
        text("Nom;Prénom;Né(e) le;Sexe;Classe", "DUPONT;Léa;14/03/12;F;3A", "MARTIN;Jean-Marie;01/12/11;M;3A"),
        [DUPONT, MARTIN],
    ),
    List(
        "dates as ISO and as numbers of Excel",
        text("Nom;Prénom;Né(e) le;Sexe;Classe", "DUPONT;Léa;2012-03-14;F;3A", "MARTIN;Jean-Marie;40878;M;3A"),
        [DUPONT, MARTIN],
    ),
    List(
        "dates with points and hyphens, and with an hour",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Classe",
            "DUPONT;Léa;14.03.2012;F;3A",
            "MARTIN;Jean-Marie;01-12-2011 00:00:00;M;3A",
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "spaces that break and do not, apostrophes of two kinds",
        text(
            "Nom ;\u00a0Prénom;Né(e) le;Sexe ;Classe",
            "  DUPONT\u00a0;\u200bLéa ; 14/03/2012 ;F\u202f; 3A ",
            "O’NEILL;Éamon;01/12/2011;M;3A",
            "LE  GALL;Yann;02/12/2011;M;3A",
        ),
        [
            DUPONT,
            ("O'Neill", "Éamon", "2011-12-01", "M", "3A", "3E"),
            ("Le Gall", "Yann", "2011-12-02", "M", "3A", "3E"),
        ],
    ),
    List(
        "surnames in capitals with hyphens and particles",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Classe",
            "DUPONT-MARTIN;JEAN-BAPTISTE;14/03/2012;M;3A",
            "DE LA TOUR;ANNE SOPHIE;14/03/2012;F;3A",
            "D'ORMESSON;ÉLODIE;15/03/2012;F;3A",
            "McDonald;Ana;16/03/2012;F;3A",
            "N'GUESSAN;Aya;17/03/2012;F;3A",
        ),
        [
            ("Dupont-Martin", "Jean-Baptiste", "2012-03-14", "M", "3A", "3E"),
            ("de La Tour", "Anne Sophie", "2012-03-14", "F", "3A", "3E"),
            ("d'Ormesson", "Élodie", "2012-03-15", "F", "3A", "3E"),
            ("McDonald", "Ana", "2012-03-16", "F", "3A", "3E"),
            ("N'Guessan", "Aya", "2012-03-17", "F", "3A", "3E"),
        ],
    ),
    List(
        "one column: first name first, comma, two words in capitals, particle before",
        text(
            "Nom et prénom;Date naissance;Classe",
            "Léa DUPONT;14/03/2012;3A",
            "Martin, Jean-Marie;01/12/2011;3A",
            "LE GALL Yann;02/12/2011;3A",
            "NGUYEN LINH;03/12/2011;3A",
            "de LA TOUR Anne;04/12/2011;3A",
        ),
        [
            ("Dupont", "Léa", "2012-03-14", "N", "3A", "3E"),
            ("Martin", "Jean-Marie", "2011-12-01", "N", "3A", "3E"),
            ("Le Gall", "Yann", "2011-12-02", "N", "3A", "3E"),
            ("Nguyen", "Linh", "2011-12-03", "N", "3A", "3E"),
            ("de La Tour", "Anne", "2011-12-04", "N", "3A", "3E"),
        ],
    ),
    List(
        "one column that cannot be told",
        text(
            "Élève;Né(e) le;Classe",
            "Camille Dominique;14/03/2012;3A",
            "DUPONT Léa;14/03/2012;3A",
            "DE SA COSTA ANA;01/12/2011;3A",
        ),
        [("Dupont", "Léa", "2012-03-14", "N", "3A", "3E")],
        refused={2: ["name_not_split"], 4: ["name_not_split"]},
    ),
    List(
        "what is missing or wrong, line by line",
        text(
            "Nom;Prénom;Né(e) le;Classe",
            ";Léa;14/03/2012;3A",
            "DUPONT;;14/03/2012;3A",
            "DUPONT;Léa;;3A",
            "DUPONT;Léa;31/02/2012;3A",
            "DUPONT;Léa;mars 2012;3A",
            "DUPONT;Léa;14/03/1950;3A",
            "DUPONT2;Léa;14/03/2012;3A",
            'DUPONT;Léa;14/03/2012;"=HYPERLINK(""x"")"',
            "MARTIN;Jean-Marie;01/12/2011;3A",
        ),
        [("Martin", "Jean-Marie", "2011-12-01", "N", "3A", "3E")],
        refused={
            2: ["no_last_name"],
            3: ["no_first_name"],
            4: ["no_birth_date"],
            5: ["no_such_day"],
            6: ["not_a_date"],
            7: ["not_school_age"],
            8: ["not_a_name"],
            9: ["not_a_class"],
        },
    ),
    List(
        "the same line twice, and another that says something else",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Classe",
            "DUPONT;Léa;14/03/2012;F;3A",
            "Dupont;LEA;14/03/2012;F;3B",
            "DUPONT;Léa;14/03/2012;F;3A",
            "MARTIN;Jean-Marie;01/12/2011;M;3A",
        ),
        [DUPONT, MARTIN],
        refused={3: ["two_lines"]},
    ),
    List(
        "twins are two pupils",
        text("Nom;Prénom;Né(e) le;Sexe;Classe", "DUPONT;Léa;14/03/2012;F;3A", "DUPONT;Léo;14/03/2012;M;3A"),
        [DUPONT, ("Dupont", "Léo", "2012-03-14", "M", "3A", "3E")],
    ),
    List(
        "siblings share their guardians, written in two columns each",
        text(
            "Nom;Prénom;Né(e) le;Classe;Nom responsable 1;Prénom responsable 1;Mail responsable 1",
            "DUPONT;Léa;14/03/2012;3A;DUPONT;Paul;paul@example.org",
            "DUPONT;Tom;14/03/2013;4B;Dupont;PAUL;PAUL@example.org",
        ),
        [
            ("Dupont", "Léa", "2012-03-14", "N", "3A", "3E"),
            ("Dupont", "Tom", "2013-03-14", "N", "4B", "4E"),
        ],
        guardians={
            "Léa": [(1, "Dupont", "Paul", "paul@example.org")],
            "Tom": [(1, "Dupont", "Paul", "paul@example.org")],
        },
    ),
    List(
        "a guardian who cannot be told and an address that is none keep nobody out",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Classe;Responsable légal;Courriel",
            "DUPONT;Léa;14/03/2012;F;3A;Famille Dupont;pas de mail",
        ),
        [DUPONT],
        guardians={"Léa": []},
    ),
    List(
        "a lycée: levels from the division",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Division",
            "A;Ana;14/03/2011;F;203",
            "B;Bob;14/03/2010;M;1G2",
            "C;Cid;14/03/2009;M;TG4",
            "D;Dan;14/03/2011;M;2GT1",
            "E;Eva;14/03/2009;F;TSTMG1",
            "F;Fay;14/03/2009;F;Euro 7",
        ),
        [
            ("A", "Ana", "2011-03-14", "F", "203", "2GT"),
            ("B", "Bob", "2010-03-14", "M", "1G2", "1G"),
            ("C", "Cid", "2009-03-14", "M", "TG4", "TG"),
            ("D", "Dan", "2011-03-14", "M", "2GT1", "2GT"),
            ("E", "Eva", "2009-03-14", "F", "TSTMG1", "TT"),
            ("F", "Fay", "2009-03-14", "F", "Euro 7", "unknown"),
        ],
        kind="lycee_gt",
    ),
    List(
        "levels from the label of the MEF",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Division;Lib. MEF",
            "A;Ana;14/03/2011;F;X1;2NDE GENERALE ET TECHNO",
            "B;Bob;14/03/2010;M;X2;1ERE GENERALE",
            "C;Cid;14/03/2009;M;X3;TERMINALE STI2D",
            "D;Dan;14/03/2010;M;X4;1ERE STMG",
        ),
        [
            ("A", "Ana", "2011-03-14", "F", "X1", "2GT"),
            ("B", "Bob", "2010-03-14", "M", "X2", "1G"),
            ("C", "Cid", "2009-03-14", "M", "X3", "TT"),
            ("D", "Dan", "2010-03-14", "M", "X4", "1T"),
        ],
        kind="lycee_polyvalent",
    ),
    List(
        "a vocational lycée: the level only where it is said",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Classe;Niveau",
            "A;Ana;14/03/2011;F;2MRC1;2de pro",
            "B;Bob;14/03/2010;M;203;",
            "C;Cid;14/03/2009;M;CAP1;CAP 1",
            "D;Dan;14/03/2009;M;TASSP;Terminale bac pro",
        ),
        [
            ("A", "Ana", "2011-03-14", "F", "2MRC1", "2PRO"),
            ("B", "Bob", "2010-03-14", "M", "203", "unknown"),
            ("C", "Cid", "2009-03-14", "M", "CAP1", "CAP1"),
            ("D", "Dan", "2009-03-14", "M", "TASSP", "TPRO"),
        ],
        kind="lycee_pro",
    ),
    List(
        "xlsx with real dates, a title, numbers for sex and class, a total",
        xlsx(
            ["Liste de la classe de 302"],
            [],
            ["Nom", "Prénom", "Né(e) le", "Sexe", "Classe"],
            ["DUPONT", "Léa", BORN, 2, 302],
            ["MARTIN", "Jean-Marie", dt.date(2011, 12, 1), 1, 302],
            ["Effectif", 2],
        ),
        [("Dupont", "Léa", "2012-03-14", "F", "302", "3E"), ("Martin", "Jean-Marie", "2011-12-01", "M", "302", "3E")],
    ),
    List(
        "xlsx whose list is on the second sheet, dates as text",
        xlsx(["Élève", "Né(e) le", "Sexe", "Classe"], ["DUPONT Léa", "14/03/2012", "F", "3A"], before=["Lisez-moi"]),
        [DUPONT],
    ),
    List(
        "ods with real dates",
        ods(
            ["Nom", "Prénom", "Né(e) le", "Sexe", "Classe"],
            ["DUPONT", "Léa", BORN, "F", "3A"],
            ["MARTIN", "Jean-Marie", "01/12/2011", "M", "3A"],
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "surname of use beside the family name, second first names beside the first",
        text(
            "Nom d'usage;Nom de famille;Prénom;Prénom 2;Prénom 3;Né(e) le;Sexe;Classe",
            "DURAND;DUPONT;Léa;Marie;Rose;14/03/2012;F;3A",
        ),
        [DUPONT],
    ),
    List(
        "line breaks and semicolons inside quotes, empty lines, footer of the program",
        text(
            '"Nom";"Prénom";"Né(e) le";"Sexe";"Classe";"Observations"',
            '"DUPONT";"Léa";"14/03/2012";"F";"3A";"à voir ;\nrappeler"',
            "",
            '"MARTIN";"Jean-Marie";"01/12/2011";"M";"3A";""',
            '"Édité le 25/11/2026";"";"";"";"";""',
        ),
        [DUPONT, MARTIN],
    ),
    List(
        "a header in English, classes in words",
        text(
            "Last name,First name,Date of birth,Sex,Class",
            "DUPONT,Léa,14/03/2012,female,3ème A",
            "MARTIN,Jean-Marie,01/12/2011,boy,3ème A",
        ),
        [
            ("Dupont", "Léa", "2012-03-14", "F", "3ème A", "3E"),
            ("Martin", "Jean-Marie", "2011-12-01", "M", "3ème A", "3E"),
        ],
    ),
    List(
        "our own template, filled in",
        xlsx(
            *TEMPLATE,
            sheet="Liste",
        ),
        [("Dupont", "Léa", "2012-03-14", "F", "A", "3E")],
        guardians={"Léa": [(1, "Dupont", "Paul", "paul@example.org"), (2, "Roy", "Ève", "eve@example.org")]},
        scholarships={"Léa": "yes"},
        addresses={"Léa": "lea@example.org"},
    ),
    List(
        "no classes: only the code of the MEF tells the level",
        text(
            "Nom;Prénom;Né(e) le;Sexe;Code MEF;Boursier;Courriel",
            "A;Ana;14/03/2011;F;20010015110;non;Ana@Example.org",
            "B;Bob;14/03/2010;M;20110019110;oui;",
            "C;Cid;14/03/2009;M;20211010110;;pas de mail",
            "D;Dan;14/03/2010;M;21131013110;;",
            "E;Eva;14/03/2009;F;21231013110;;",
            "F;Fay;14/03/2011;F;24731211310;;",
            "G;Guy;14/03/2010;M;2472551832;;",
            "H;Hal;14/03/2009;M;24725518330;;",
            "I;Ida;14/03/2011;F;24124127210;;",
            "J;Jan;14/03/2010;M;2412412722;;",
            "K;Kim;14/03/2010;F;24022137110;;",  # a CAP in one year is none of our levels
        ),
        [
            ("A", "Ana", "2011-03-14", "F", "", "2GT"),
            ("B", "Bob", "2010-03-14", "M", "", "1G"),
            ("C", "Cid", "2009-03-14", "M", "", "TG"),
            ("D", "Dan", "2010-03-14", "M", "", "1T"),
            ("E", "Eva", "2009-03-14", "F", "", "TT"),
            ("F", "Fay", "2011-03-14", "F", "", "2PRO"),
            ("G", "Guy", "2010-03-14", "M", "", "1PRO"),
            ("H", "Hal", "2009-03-14", "M", "", "TPRO"),
            ("I", "Ida", "2011-03-14", "F", "", "CAP1"),
            ("J", "Jan", "2010-03-14", "M", "", "CAP2"),
            ("K", "Kim", "2010-03-14", "F", "", "unknown"),
        ],
        kind="lycee_polyvalent",
        scholarships={"Ana": "no", "Bob": "yes"},
        addresses={"Ana": "ana@example.org"},
    ),
    List(
        "two guardians on one address are two people, also of two children",
        text(
            "Élève;Né(e) le;Sexe;Classe;Responsable 1;Adresse E-mail;Responsable 2;Adresse E-mail",
            "DUPONT Léa;14/03/2012;F;3A;M. DUPONT Paul;famille@example.org;Mme ROY Anne;Famille@Example.org",
            "DUPONT Tom;14/03/2013;M;4B;Mme ROY Anne;famille@example.org;M. DUPONT Paul;famille@example.org",
        ),
        [DUPONT, ("Dupont", "Tom", "2013-03-14", "M", "4B", "4E")],
        guardians={
            "Léa": [(1, "Dupont", "Paul", "famille@example.org"), (2, "Roy", "Anne", "famille@example.org")],
            "Tom": [(1, "Roy", "Anne", "famille@example.org"), (2, "Dupont", "Paul", "famille@example.org")],
        },
    ),
]
