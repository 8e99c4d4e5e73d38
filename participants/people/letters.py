"""The letters to families that come with the house. Staff change the words and the days; each has one thing to do."""

from datetime import timedelta

from participants.correspondence.actions import rule_in_pairs
from participants.people import occasions

WEEK = timedelta(days=7)


READ_AND_ANSWER = ("Lire et répondre", "Read and answer")
SEE_ANSWERS = ("Voir mes réponses", "See my answers")
HOW_FR = (
    "Le bouton ouvre une page faite pour vous, sans compte ni mot de passe, pendant {days} jours. Ne transférez pas ce "
    "message : la page répond en votre nom."
)
HOW_EN = (
    "The button opens a page made for you, without account or password, for {days} days. Please do not pass this message "
    "on: the page answers in your name."
)
TAKE_BACK_FR = "Vous pouvez revenir sur chaque accord à tout moment, sur la même page, sans donner de raison."
TAKE_BACK_EN = "You can take back each agreement at any time, on the same page, without giving a reason."

TO_GUARDIANS = [
    rule_in_pairs(
        "people-consent-asked",
        occasions.ASKED,
        ("Votre accord pour {children}", "Your agreement for {children}"),
        (
            "L’établissement de {children} propose des activités avec notre centre. Nous avons besoin de votre réponse, "
            "oui ou non, sur ces points :\n\n{purposes}\n\nTout tient sur une page et prend trois minutes. Répondre non "
            f"ne change rien à la scolarité.\n\n{HOW_FR}",
            "The school of {children} offers activities with our center. We need your answer, yes or no, on these "
            f"points:\n\n{{purposes}}\n\nIt is all on one page and takes three minutes. A no changes nothing at "
            f"school.\n\n{HOW_EN}",
        ),
        READ_AND_ANSWER,
    ),
    rule_in_pairs(
        "people-consent-reminder",
        occasions.ASKED,
        ("Il manque votre réponse pour {children}", "Your answer for {children} is missing"),
        (
            "Il y a une semaine, nous vous avons demandé votre accord pour {children}. Ces points attendent encore un oui "
            f"ou un non :\n\n{{purposes}}\n\nSans réponse, nous faisons comme si c’était non.\n\n{HOW_FR}",
            "A week ago we asked for your agreement for {children}. These points still wait for a yes or a no:"
            f"\n\n{{purposes}}\n\nWithout an answer we act as if it were no.\n\n{HOW_EN}",
        ),
        READ_AND_ANSWER,
        WEEK,
    ),
    rule_in_pairs(
        "people-consent-renewed",
        occasions.RENEWED,
        ("À nouveau : votre accord pour {children}", "Once more: your agreement for {children}"),
        (
            "Un accord que vous aviez donné pour {children} a pris fin : il est redemandé à chaque année scolaire, à "
            "15 ans ou à 18 ans. Ces points attendent votre réponse, oui ou non :\n\n{purposes}\n\n" + HOW_FR,
            "An agreement you gave for {children} has ended: we ask again each school year, at 15 and at 18. These points "
            "wait for your answer, yes or no:\n\n{purposes}\n\n" + HOW_EN,
        ),
        READ_AND_ANSWER,
    ),
    rule_in_pairs(
        "people-consent-signed",
        occasions.SIGNED,
        ("Merci : vos réponses pour {children}", "Thank you: your answers for {children}"),
        (
            f"Vos réponses sont enregistrées :\n\n{{state}}\n\n{TAKE_BACK_FR} Gardez ce message : il est votre reçu.",
            f"Your answers are recorded:\n\n{{state}}\n\n{TAKE_BACK_EN} Keep this message: it is your receipt.",
        ),
        SEE_ANSWERS,
    ),
    rule_in_pairs(
        "people-consent-withdrawn",
        occasions.WITHDRAWN,
        ("Votre accord est retiré", "Your agreement is taken back"),
        (
            "C’est fait : nous en tenons compte dès maintenant. Ce qui doit être fait à la main (une photo à retirer, une "
            "liste à corriger) est demandé aux personnes concernées.\n\nVos réponses aujourd’hui :\n\n{state}",
            "Done: it counts from now on. What must be done by hand (a photo to take down, a list to correct) is asked of "
            "the people concerned.\n\nYour answers today:\n\n{state}",
        ),
        SEE_ANSWERS,
    ),
    rule_in_pairs(
        "people-family-link",
        occasions.LINK,
        ("Votre nouveau lien pour {children}", "Your new link for {children}"),
        (
            f"Vous avez demandé un nouveau lien. {HOW_FR}\n\nVous n’avez rien demandé ? Ne faites rien.",
            f"You asked for a new link. {HOW_EN}\n\nYou asked for nothing? Do nothing.",
        ),
        ("Ouvrir ma page", "Open my page"),
    ),
]

TO_PUPILS = [
    rule_in_pairs(
        "people-consent-asked-pupil",
        occasions.ASKED + occasions.OF_PUPIL,
        ("À vous de décider", "It is yours to decide"),
        (
            "Votre établissement propose des activités avec notre centre. À votre âge, c’est vous qui décidez, oui ou "
            f"non, sur ces points :\n\n{{purposes}}\n\nTout tient sur une page et prend deux minutes. Répondre non ne "
            f"change rien à la scolarité.\n\n{HOW_FR}",
            "Your school offers activities with our center. At your age you decide, yes or no, on these points:"
            f"\n\n{{purposes}}\n\nIt is all on one page and takes two minutes. A no changes nothing at school.\n\n{HOW_EN}",
        ),
        READ_AND_ANSWER,
    ),
    rule_in_pairs(
        "people-consent-reminder-pupil",
        occasions.ASKED + occasions.OF_PUPIL,
        ("Il manque votre réponse", "Your answer is missing"),
        (
            "Ces points attendent encore votre oui ou votre non :\n\n{purposes}\n\nSans réponse, nous faisons comme si "
            f"c’était non.\n\n{HOW_FR}",
            "These points still wait for your yes or your no:\n\n{purposes}\n\nWithout an answer we act as if it were no."
            f"\n\n{HOW_EN}",
        ),
        READ_AND_ANSWER,
        WEEK,
    ),
    rule_in_pairs(
        "people-consent-renewed-pupil",
        occasions.RENEWED + occasions.OF_PUPIL,
        ("À vous de décider, à nouveau", "It is yours to decide, once more"),
        (
            "Un accord a pris fin : il est redemandé à chaque année scolaire, à 15 ans ou à 18 ans. Ces points attendent "
            f"votre réponse, oui ou non :\n\n{{purposes}}\n\n{HOW_FR}",
            "An agreement has ended: we ask again each school year, at 15 and at 18. These points wait for your answer, yes "
            f"or no:\n\n{{purposes}}\n\n{HOW_EN}",
        ),
        READ_AND_ANSWER,
    ),
    rule_in_pairs(
        "people-consent-signed-pupil",
        occasions.SIGNED + occasions.OF_PUPIL,
        ("Merci : vos réponses", "Thank you: your answers"),
        (
            f"Vos réponses sont enregistrées :\n\n{{state}}\n\n{TAKE_BACK_FR} Gardez ce message : il est votre reçu.",
            f"Your answers are recorded:\n\n{{state}}\n\n{TAKE_BACK_EN} Keep this message: it is your receipt.",
        ),
        SEE_ANSWERS,
    ),
    rule_in_pairs(
        "people-consent-withdrawn-pupil",
        occasions.WITHDRAWN + occasions.OF_PUPIL,
        ("Votre accord est retiré", "Your agreement is taken back"),
        (
            "C’est fait : nous en tenons compte dès maintenant. Ce qui doit être fait à la main est demandé aux personnes "
            "concernées.\n\nVos réponses aujourd’hui :\n\n{state}",
            "Done: it counts from now on. What must be done by hand is asked of the people concerned.\n\nYour answers "
            "today:\n\n{state}",
        ),
        SEE_ANSWERS,
    ),
    rule_in_pairs(
        "people-family-link-pupil",
        occasions.LINK + occasions.OF_PUPIL,
        ("Votre nouveau lien", "Your new link"),
        (
            f"Vous avez demandé un nouveau lien. {HOW_FR}\n\nVous n’avez rien demandé ? Ne faites rien.",
            f"You asked for a new link. {HOW_EN}\n\nYou asked for nothing? Do nothing.",
        ),
        ("Ouvrir ma page", "Open my page"),
    ),
]

ABOUT_STUDIES = rule_in_pairs(
    "people-studies-pupil",
    occasions.STUDIES + occasions.OF_PUPIL,
    ("Que faites-vous cette année ?", "What do you study this year?"),
    (
        "Vous avez accepté que nous suivions votre parcours. Qu’étudiez-vous en {year} ? Trois réponses suffisent, et "
        "elles aident à montrer ce qui est possible à celles et ceux qui viennent après vous. Personne hors du centre ne "
        f"les lit avec votre nom.\n\n{HOW_FR}",
        "You agreed that we follow your way. What do you study in {year}? Three answers are enough, and they help to show "
        "those who come after you what is possible. Nobody outside the center reads them with your name."
        f"\n\n{HOW_EN}",
    ),
    ("Répondre", "Answer"),
)

RULES = [*TO_GUARDIANS, *TO_PUPILS, ABOUT_STUDIES]
