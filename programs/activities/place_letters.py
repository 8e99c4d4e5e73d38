"""The letters about one booking, to a school, a family or a guest. Staff change the words."""

from participants.correspondence.actions import rule_in_pairs
from programs.activities import place_occasions

SEE_PLACE = ("Voir mon inscription", "See my registration")

ABOUT_PLACES = [
    rule_in_pairs(
        "activities-place-confirmed",
        place_occasions.CONFIRMED,
        ("C’est confirmé : {title}, {when}", "It is confirmed: {title}, {when}"),
        (
            "Votre inscription est confirmée.\n\n{title}\n{when}\n{where}\nPlaces : {seats}\n\n"
            "La page de votre inscription s’ouvre sans mot de passe ; le billet d’un élève y est, à montrer à l’entrée. Un "
            "empêchement ? Rendez-y vos places : d’autres attendent.",
            "Your registration is confirmed.\n\n{title}\n{when}\n{where}\nSeats: {seats}\n\n"
            "The page of your registration opens without password; a pupil’s ticket is on it, to show at the door. "
            "Something came up? Give your seats back there: others are waiting.",
        ),
        SEE_PLACE,
    ),
    rule_in_pairs(
        "activities-place-waiting",
        place_occasions.WAITING,
        ("Sur la liste d’attente : {title}, {when}", "On the waiting list: {title}, {when}"),
        (
            "Votre inscription à « {title} » ({when}, {where}) est sur la liste d’attente, au rang {number}.\n\n"
            "Ce qui manque :\n{limits}\n\n"
            "Dès que cela se libère et que c’est votre tour, nous vous proposons la place par message : vous aurez un "
            "temps limité pour répondre, en un clic.",
            "Your registration for “{title}” ({when}, {where}) is on the waiting list, number {number}.\n\n"
            "What is missing:\n{limits}\n\n"
            "As soon as it comes free and it is your turn, we offer you the place by e-mail: you will have a limited "
            "time to answer, in one click.",
        ),
        SEE_PLACE,
    ),
    rule_in_pairs(
        "activities-place-offered",
        place_occasions.OFFERED,
        ("Une place pour vous jusqu’à {until} : {title}", "A place for you until {until}: {title}"),
        (
            "Bonne nouvelle : ce que vous attendiez s’est libéré.\n\n{title}\n{when}\n{where}\nPlaces : {seats}\n\n"
            "Nous vous le gardons jusqu’à {until}. Dites oui ou non en un clic, sans mot de passe ; sans réponse, la "
            "personne suivante sera invitée.",
            "Good news: what you were waiting for came free.\n\n{title}\n{when}\n{where}\nSeats: {seats}\n\n"
            "We keep it for you until {until}. Say yes or no in one click, without password; without an answer, the "
            "next person will be asked.",
        ),
        ("Répondre", "Answer"),
    ),
    rule_in_pairs(
        "activities-place-to-prove",
        place_occasions.TO_PROVE,
        ("Encore un clic avant {until} : {title}", "One more click before {until}: {title}"),
        (
            "Vos places sont retenues.\n\n{title}\n{when}\n{where}\nPlaces : {seats}\n\n"
            "Confirmez avant {until}, en un clic et sans mot de passe ; sinon, elles iront à d’autres. Ce n’est pas vous "
            "qui les avez demandées ? Ne faites rien.",
            "Your seats are held.\n\n{title}\n{when}\n{where}\nSeats: {seats}\n\n"
            "Confirm before {until}, in one click and without password; otherwise they go to others. It was not you who "
            "asked for them? Do nothing.",
        ),
        ("Confirmer", "Confirm"),
    ),
    rule_in_pairs(
        "activities-place-ended",
        place_occasions.ENDED,
        ("La place est passée à la suite : {title}", "The place went on: {title}"),
        (
            "La place que nous vous gardions pour « {title} » ({when}) n’a pas reçu de réponse à temps : elle est "
            "proposée à la personne suivante. Vous pouvez vous inscrire de nouveau tant que les inscriptions sont "
            "ouvertes.",
            "The place that we kept for you for “{title}” ({when}) had no answer in time: it is offered to the next "
            "person. You can register again while registration is open.",
        ),
        SEE_PLACE,
    ),
    rule_in_pairs(
        "activities-place-moved",
        place_occasions.MOVED,
        ("Changement : {title}, {when}", "Change: {title}, {when}"),
        (
            "Ce qui vous attend a changé. Voici ce qui vaut maintenant :\n\n{title}\n{when}\n{where}\n\n"
            "Cela ne vous convient plus ? Rendez vos places depuis la page de votre inscription.",
            "What awaits you has changed. This is what holds now:\n\n{title}\n{when}\n{where}\n\n"
            "It no longer suits you? Give your seats back on the page of your registration.",
        ),
        SEE_PLACE,
    ),
    rule_in_pairs(
        "activities-place-cancelled",
        place_occasions.CANCELLED,
        ("Annulé : {title}, {when}", "Cancelled: {title}, {when}"),
        (
            "Nous sommes au regret d’annuler « {title} » ({when}, {where}) : {reason}.\n\n"
            "Nous espérons vous accueillir une autre fois.",
            "We are sorry to cancel “{title}” ({when}, {where}): {reason}.\n\nWe hope to welcome you another time.",
        ),
        SEE_PLACE,
    ),
]
