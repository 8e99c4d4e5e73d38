"""The letters that come with the house. An accepted request needs none: the school gets the session's confirmation."""

import datetime as dt

from participants.correspondence.actions import RuleDefault
from programs.awareness import occasions

RULES = [
    RuleDefault(
        code="awareness-request-received",
        occasion=occasions.RECEIVED,
        subject_fr="Votre demande d’intervention est bien arrivée",
        subject_en="Your request for a talk has arrived",
        body_fr=(
            "Bonjour {recipient_name},\n\n"
            "Merci : nous avons reçu votre demande d’intervention pour {school} ({classes}, {young_people} élèves).\n\n"
            "Nous cherchons maintenant des étudiantes et étudiants disponibles aux semaines que vous avez choisies : "
            "{weeks}. Vous recevrez notre réponse par courriel, en général sous une semaine. "
            "D’ici là, vous pouvez modifier votre demande ou la retirer.\n\n{center_name}"
        ),
        body_en=(
            "Hello {recipient_name},\n\n"
            "Thank you: we have received your request for a talk at {school} ({classes}, {young_people} pupils).\n\n"
            "We are now looking for students who are free in the weeks you chose: {weeks}. You will have our answer "
            "by e-mail, usually within a week. Until then you can change your request or withdraw it.\n\n{center_name}"
        ),
        action_label_fr="Suivre ma demande",
        action_label_en="Follow my request",
    ),
    RuleDefault(
        code="awareness-request-new",
        occasion=occasions.NEW,
        subject_fr="Nouvelle demande : {school}, {town}",
        subject_en="New request: {school}, {town}",
        body_fr=(
            "Bonjour {recipient_name},\n\n{school} ({town}) demande une intervention pour {classes}, "
            "soit {young_people} élèves.\n\nDates souhaitées : {weeks}."
        ),
        body_en=(
            "Hello {recipient_name},\n\n{school} ({town}) asks for a talk for {classes}, {young_people} pupils in all."
            "\n\nDates wished for: {weeks}."
        ),
        action_label_fr="Lire la demande",
        action_label_en="Read the request",
    ),
    RuleDefault(
        code="awareness-request-unanswered",
        occasion=occasions.UNANSWERED,
        offset=dt.timedelta(days=5),
        subject_fr="Sans réponse depuis 5 jours : {school}, {town}",
        subject_en="Unanswered for 5 days: {school}, {town}",
        body_fr=(
            "Bonjour {recipient_name},\n\nLa demande de {school} ({town}) attend une réponse depuis cinq jours : "
            "{classes}, {young_people} élèves.\n\nDates souhaitées : {weeks}."
        ),
        body_en=(
            "Hello {recipient_name},\n\nThe request of {school} ({town}) has been waiting for an answer for five days: "
            "{classes}, {young_people} pupils.\n\nDates wished for: {weeks}."
        ),
        action_label_fr="Répondre à la demande",
        action_label_en="Answer the request",
    ),
    RuleDefault(
        code="awareness-request-declined",
        occasion=occasions.DECLINED,
        subject_fr="Votre demande d’intervention pour {school}",
        subject_en="Your request for a talk at {school}",
        body_fr=(
            "Bonjour {recipient_name},\n\n"
            "Nous ne pouvons malheureusement pas donner suite à votre demande pour {classes} : {reason}.\n\n{words}\n\n"
            "Rien n’est perdu : une nouvelle demande, avec d’autres semaines par exemple, nous arrive en deux minutes."
            "\n\n{center_name}"
        ),
        body_en=(
            "Hello {recipient_name},\n\n"
            "We are sorry that we cannot give the talk you asked for ({classes}): {reason}.\n\n{words}\n\n"
            "Nothing is lost: a new request, with other weeks for example, takes two minutes.\n\n{center_name}"
        ),
        action_label_fr="Voir ma demande",
        action_label_en="See my request",
    ),
]
