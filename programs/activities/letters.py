"""The letters that come with the house. Staff change the words and the days; each has one thing to do."""

from datetime import timedelta

from participants.correspondence.actions import rule_in_pairs
from programs.activities import occasions
from programs.activities.place_letters import ABOUT_PLACES
from programs.activities.subscription_letters import TO_SUBSCRIBERS

DAY = timedelta(days=1)


SEE_SESSION = ("Voir la séance", "See the session")
SEE_MY_SESSION = ("Voir ma séance", "See my session")
GIVE_COUNT = ("Donner le nombre de jeunes", "Give the number of young people")

TO_VOLUNTEERS = [
    rule_in_pairs(
        "activities-volunteer-confirmed",
        occasions.VOLUNTEER_CONFIRMED,
        ("Vous êtes inscrit·e : {title}, {when}", "You are in: {title}, {when}"),
        (
            "Merci ! Votre place est réservée.\n\n{facts}\n\n"
            "L’invitation jointe s’ajoute à votre agenda. Un empêchement ? Retirez-vous depuis la page de la séance, "
            "dès que possible : la personne suivante prendra votre place.",
            "Thank you! Your place is booked.\n\n{facts}\n\n"
            "The invitation attached goes into your calendar. Something came up? Withdraw on the page of the session, "
            "as early as you can: the next person will take your place.",
        ),
        SEE_MY_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-promoted",
        occasions.VOLUNTEER_PROMOTED,
        ("Une place s’est libérée : {title}, {when}", "A place came free: {title}, {when}"),
        (
            "Bonne nouvelle : une place s’est libérée et elle est à vous.\n\n{facts}\n\n"
            "Vous ne pouvez plus venir ? Retirez-vous depuis la page de la séance : quelqu’un d’autre attend.",
            "Good news: a place came free and it is yours.\n\n{facts}\n\n"
            "You can no longer come? Withdraw on the page of the session: somebody else is waiting.",
        ),
        SEE_MY_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-in-line",
        occasions.VOLUNTEER_IN_LINE,
        ("Vous êtes sur la liste d’attente : {title}", "You are on the waiting list: {title}"),
        (
            "La séance « {title} » ({when}, {where}) est complète pour le moment. Vous êtes sur la liste d’attente, "
            "dans l’ordre d’arrivée : si une place se libère, elle est à vous et nous vous écrivons aussitôt.",
            "The session “{title}” ({when}, {where}) is full for now. You are on the waiting list, first come first "
            "served: if a place comes free it is yours, and we write at once.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-invited",
        occasions.VOLUNTEER_INVITED,
        ("Seriez-vous disponible ? {title}, {when}", "Would you come? {title}, {when}"),
        (
            "Nous avons pensé à vous pour cette séance :\n\n{facts}\n\n"
            "Dites-nous oui ou non en un clic, sur la page de la séance.",
            "We thought of you for this session:\n\n{facts}\n\nSay yes or no in one click, on the page of the session.",
        ),
        ("Répondre", "Answer"),
    ),
    rule_in_pairs(
        "activities-volunteer-asked",
        occasions.VOLUNTEER_ASKED,
        ("Pourriez-vous venir ? {title}, {when}", "Could you step in? {title}, {when}"),
        (
            "Il nous manque quelqu’un pour cette séance, et nous avons pensé à vous :\n\n{facts}\n\n"
            "Nous le demandons à quelques personnes à la fois : la première qui dit oui a la place, et les autres sont "
            "prévenues aussitôt. Un non nous aide aussi. Vous préférez ne pas recevoir ces demandes ? Dites-le sur la "
            "page « Mes séances ».",
            "We miss somebody for this session, and we thought of you:\n\n{facts}\n\n"
            "We ask a few people at a time: the first to say yes has the place, and the others are told at once. A no "
            "helps us too. You would rather not be asked like this? Say so on the page “My sessions”.",
        ),
        ("Répondre", "Answer"),
    ),
    rule_in_pairs(
        "activities-volunteer-not-needed",
        occasions.VOLUNTEER_NOT_NEEDED,
        ("Ce n’est plus nécessaire : {title}, {when}", "No longer needed: {title}, {when}"),
        (
            "Nous vous avions demandé de venir à « {title} » ({when}, {where}). Ce n’est plus nécessaire : vous n’avez "
            "rien à faire. Merci d’être de ceux à qui l’on peut demander.",
            "We had asked you to come to “{title}” ({when}, {where}). It is no longer needed: there is nothing for you "
            "to do. Thank you for being somebody we can ask.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-withdrawn",
        occasions.VOLUNTEER_WITHDRAWN,
        ("Vous n’êtes plus inscrit·e : {title}, {when}", "You are no longer in: {title}, {when}"),
        (
            "Vous n’êtes plus inscrit·e à la séance « {title} » ({when}, {where}). Le fichier joint la retire de "
            "votre agenda. D’autres séances vous attendent.",
            "You are no longer in the session “{title}” ({when}, {where}). The file attached takes it out of your "
            "calendar. Other sessions are waiting for you.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-busy",
        occasions.VOLUNTEER_BUSY,
        ("La séance a changé d’horaire : {title}", "The session moved: {title}"),
        (
            "La séance « {title} » est déplacée : {when}, {where}. Vous avez déjà un autre engagement à ce moment-là ; "
            "nous avons donc libéré votre place. Si vous préférez celle-ci, retirez-vous de l’autre, puis "
            "inscrivez-vous de nouveau.",
            "The session “{title}” moved to {when}, {where}. You already have another commitment at that time, so we "
            "gave up your place. If you prefer this one, withdraw from the other and sign up again.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-skipped",
        occasions.VOLUNTEER_SKIPPED,
        (
            "Une place s’est libérée, mais vous êtes déjà pris·e : {title}",
            "A place came free, but you are busy: {title}",
        ),
        (
            "Une place s’est libérée pour « {title} » ({when}, {where}). Vous avez entre-temps un autre engagement à "
            "ce moment-là : la place est passée à la personne suivante et vous avez quitté la liste d’attente.",
            "A place came free for “{title}” ({when}, {where}). Meanwhile you have another commitment at that time: "
            "the place went to the next person and you left the waiting list.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-moved",
        occasions.VOLUNTEER_MOVED,
        ("Changement : {title}, {when}", "Change: {title}, {when}"),
        (
            "La séance à laquelle vous êtes inscrit·e a changé. Voici ce qui vaut maintenant :\n\n{facts}\n\n"
            "L’invitation jointe met votre agenda à jour. Cela ne vous convient plus ? Retirez-vous depuis la page de "
            "la séance.",
            "The session you are in has changed. This is what holds now:\n\n{facts}\n\n"
            "The invitation attached brings your calendar up to date. It no longer suits you? Withdraw on the page of "
            "the session.",
        ),
        SEE_MY_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-cancelled",
        occasions.VOLUNTEER_CANCELLED,
        ("Séance annulée : {title}, {when}", "Session cancelled: {title}, {when}"),
        (
            "La séance « {title} » ({when}, {where}) est annulée : {reason}.\n\n"
            "Le fichier joint la retire de votre agenda. Merci d’avoir voulu en être.",
            "The session “{title}” ({when}, {where}) is cancelled: {reason}.\n\n"
            "The file attached takes it out of your calendar. Thank you for wanting to be part of it.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-volunteer-reminder-week",
        occasions.VOLUNTEER_REMINDER,
        ("Dans une semaine : {title}, {when}", "In a week: {title}, {when}"),
        (
            "Dans une semaine, vous rencontrez des élèves.\n\n{facts}\n\n"
            "C’est le moment de vous coordonner avec l’équipe. Un empêchement ? Retirez-vous dès maintenant.",
            "In a week you will meet pupils.\n\n{facts}\n\n"
            "Now is the time to agree with your team. Something came up? Withdraw right now.",
        ),
        SEE_MY_SESSION,
        -7 * DAY,
    ),
    rule_in_pairs(
        "activities-volunteer-reminder-day",
        occasions.VOLUNTEER_REMINDER,
        ("Demain : {title}, {when}", "Tomorrow: {title}, {when}"),
        (
            "C’est demain. Voici tout ce qu’il faut savoir :\n\n{facts}\n\n"
            "Prévoyez une pièce d’identité et dix minutes d’avance. Merci !",
            "It is tomorrow. This is all you need to know:\n\n{facts}\n\n"
            "Bring an identity card and come ten minutes early. Thank you!",
        ),
        SEE_MY_SESSION,
        -DAY,
    ),
    rule_in_pairs(
        "activities-volunteer-headcount",
        occasions.VOLUNTEER_HEADCOUNT,
        ("Combien de jeunes étaient là ? {title}", "How many young people were there? {title}"),
        (
            "Vous étiez à « {title} » ({when}, {where}). Personne n’a encore dit combien de jeunes étaient présents : "
            "le savez-vous ? Une estimation par classe nous aide déjà. Cela prend moins d’une minute, sans mot de "
            "passe.",
            "You were at “{title}” ({when}, {where}). Nobody has said yet how many young people were there: do you "
            "know? An estimate for each class already helps. It takes less than a minute and no password.",
        ),
        GIVE_COUNT,
        DAY,
    ),
]

TO_SCHOOLS = [
    rule_in_pairs(
        "activities-school-confirmed",
        occasions.SCHOOL_CONFIRMED,
        ("C’est confirmé : {title}, {when}", "It is confirmed: {title}, {when}"),
        (
            "Votre séance est confirmée. Voici toutes les informations pratiques :\n\n{facts}\n\n"
            "Nous vous la rappellerons une semaine avant et la veille. Si quelque chose change de votre côté, "
            "prévenez-nous depuis la page de la séance.",
            "Your session is confirmed. These are all the practical facts:\n\n{facts}\n\n"
            "We will remind you a week before and the day before. If anything changes on your side, tell us on the "
            "page of the session.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-school-moved",
        occasions.SCHOOL_MOVED,
        ("Changement : {title}, {when}", "Change: {title}, {when}"),
        (
            "Votre séance a changé. Voici ce qui vaut maintenant :\n\n{facts}\n\n"
            "Si cela ne convient pas à votre classe, répondez-nous depuis la page de la séance.",
            "Your session has changed. This is what holds now:\n\n{facts}\n\n"
            "If it does not suit your class, tell us on the page of the session.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-school-cancelled",
        occasions.SCHOOL_CANCELLED,
        ("Séance annulée : {title}, {when}", "Session cancelled: {title}, {when}"),
        (
            "Nous sommes au regret d’annuler la séance « {title} » ({when}, {where}) : {reason}.\n\n"
            "Votre établissement garde toute notre attention : écrivez-nous pour trouver une autre date.",
            "We are sorry to cancel the session “{title}” ({when}, {where}): {reason}.\n\n"
            "Your school keeps our full attention: write to us to find another date.",
        ),
        SEE_SESSION,
    ),
    rule_in_pairs(
        "activities-school-reminder-week",
        occasions.SCHOOL_REMINDER,
        ("Dans une semaine : {title}, {when}", "In a week: {title}, {when}"),
        (
            "Nous venons dans une semaine.\n\n{facts}\n\n"
            "Pensez à prévenir l’accueil de l’établissement, à réserver la salle et un vidéoprojecteur.",
            "We are coming in a week.\n\n{facts}\n\n"
            "Please tell the reception of your school, and book the room and a projector.",
        ),
        SEE_SESSION,
        -7 * DAY,
    ),
    rule_in_pairs(
        "activities-school-reminder-day",
        occasions.SCHOOL_REMINDER,
        ("Demain : {title}, {when}", "Tomorrow: {title}, {when}"),
        ("C’est demain.\n\n{facts}\n\nÀ très bientôt !", "It is tomorrow.\n\n{facts}\n\nSee you very soon!"),
        SEE_SESSION,
        -DAY,
    ),
    rule_in_pairs(
        "activities-school-headcount",
        occasions.SCHOOL_HEADCOUNT,
        ("Combien de jeunes étaient là ? {title}", "How many young people were there? {title}"),
        (
            "Merci de nous avoir accueillis pour « {title} » ({when}). Combien de jeunes étaient présents ? Trois "
            "nombres par classe, moins d’une minute, sans mot de passe.",
            "Thank you for having us for “{title}” ({when}). How many young people were there? Three numbers for each "
            "class, less than a minute, no password.",
        ),
        GIVE_COUNT,
        DAY,
    ),
    rule_in_pairs(
        "activities-school-headcount-again",
        occasions.SCHOOL_HEADCOUNT,
        ("Il nous manque un nombre : {title}, {when}", "One number is missing: {title}, {when}"),
        (
            "Nous ne savons pas encore combien de jeunes ont assisté à « {title} » ({when}). Pourriez-vous nous le "
            "dire ? Sans ce nombre, vos élèves ne comptent pas dans le bilan.",
            "We do not know yet how many young people came to “{title}” ({when}). Could you tell us? Without that "
            "number your pupils do not count in the annual report.",
        ),
        GIVE_COUNT,
        7 * DAY,
    ),
]

TO_SCHOOLS.append(
    rule_in_pairs(
        "activities-school-feedback",
        occasions.SCHOOL_FEEDBACK,
        ("Trois questions sur « {title} »", "Three questions about “{title}”"),
        (
            "Merci de nous avoir accueillis pour « {title} » ({when}). Trois questions, une minute, sans mot de passe : "
            "vos réponses changent ce que nous ferons la prochaine fois.",
            "Thank you for having us for “{title}” ({when}). Three questions, one minute, no password: your answers "
            "change what we do next time.",
        ),
        ("Répondre aux trois questions", "Answer the three questions"),
        DAY,
    )
)

RULES = TO_VOLUNTEERS + TO_SCHOOLS + ABOUT_PLACES + TO_SUBSCRIBERS
