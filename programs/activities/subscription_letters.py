"""The letters to those who follow the catalogue. Staff change the words."""

from participants.correspondence.actions import rule_in_pairs
from programs.activities import subscribers

TO_SUBSCRIBERS = [
    rule_in_pairs(
        "activities-subscription-asked",
        subscribers.ASKED,
        ("Confirmez : suivre les prochaines dates", "Please confirm: follow what is coming"),
        (
            "Quelqu’un, sans doute vous, a demandé à recevoir à cette adresse les nouvelles dates de nos activités "
            "({filters}), au plus une fois par semaine.\n\n"
            "Si c’est bien vous, confirmez en un clic. Sinon, ne faites rien : l’adresse est effacée dans une semaine.",
            "Somebody, most likely you, asked us to send new dates of our activities to this address ({filters}), once a "
            "week at most.\n\n"
            "If it was you, confirm in one click. If not, do nothing: the address is deleted in a week.",
        ),
        ("Confirmer", "Confirm"),
    ),
    rule_in_pairs(
        "activities-subscription-digest",
        subscribers.DIGEST,
        ("De nouvelles dates cette semaine", "New dates this week"),
        (
            "Voici ce qui est nouveau depuis notre dernier message ({filters}) :\n\n{list}",
            "This is new since our last message ({filters}):\n\n{list}",
        ),
        ("Voir toutes les dates", "See all dates"),
    ),
]
