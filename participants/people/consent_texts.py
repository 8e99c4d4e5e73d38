"""The first version of what families read and sign. Published once where there is none; then it belongs to the staff."""

from django.apps import apps

from participants.people.models import Purpose

_HOW_TO_TAKE_BACK_FR = (
    "Revenir sur votre réponse : à tout moment, sur la page de votre lien personnel, auprès de l’établissement ou du "
    "centre, sans donner de raison. Ce qui a été fait avant reste permis ; ensuite, nous arrêtons."
)
_HOW_TO_TAKE_BACK_EN = (
    "Changing your mind: at any time, on the page of your personal link, or by telling the school or the center, without "
    "giving a reason. What was done before stays allowed; after that we stop."
)

# Purpose -> (titles, texts, asked again each school year).
TEXTS = {
    Purpose.TAKING_PART: (
        "Participer aux activités",
        "Taking part in the activities",
        "Ce que nous demandons : que l’élève puisse participer aux activités du centre (tutorat, visites, rencontres), "
        "pendant ou après les cours, avec des étudiants et étudiantes bénévoles formés et encadrés.\n\n"
        "Pourquoi : faire découvrir les sciences et les études supérieures, aider à se projeter.\n\n"
        "Ce que nous utilisons : nom, prénom, date de naissance, classe, présence aux séances. Ni adresse postale, ni "
        "nationalité, ni revenus.\n\n"
        "Qui le voit : l’établissement, l’équipe du centre, et, pour le nom et le prénom, les tuteurs et "
        "tutrices du groupe.\n\n"
        "Combien de temps : pour cette année scolaire ; les données sont effacées un an après la fin de la "
        "participation.\n\n"
        "Dire non : l’élève ne participe pas, et rien d’autre ne change.",
        "What we ask: that the pupil may take part in the activities of the center (tutoring, visits, meetings), during or "
        "after class, with student volunteers who are trained and supervised.\n\n"
        "Why: to discover science and higher education, and to see oneself there.\n\n"
        "What we use: last name, first name, date of birth, class, presence at sessions. No postal address, no "
        "nationality, no income.\n\n"
        "Who sees it: the school, the team of the center, and the tutors of the group for the name.\n\n"
        "How long: this school year; the data are erased one year after the end of the participation.\n\n"
        "Saying no: the pupil does not take part, and nothing else changes.",
        True,
    ),
    Purpose.IMAGE: (
        "Photos et films",
        "Photos and films",
        "Ce que nous demandons : pouvoir photographier et filmer l’élève pendant les activités, et montrer ces images.\n\n"
        "Où (supports) : le site et les réseaux sociaux du centre et de ses écoles membres, leurs rapports et affiches, "
        "les pages de l’établissement. Jamais de publicité, jamais de vente, jamais de nom à côté de l’image.\n\n"
        "Pourquoi : montrer ce que sont ces activités à d’autres familles et à celles et ceux qui les soutiennent.\n\n"
        "Qui le voit : toute personne qui consulte ces supports, en France et ailleurs ; c’est gratuit.\n\n"
        "Combien de temps : images prises pendant cette année scolaire, montrées deux ans au plus.\n\n"
        "Dire non : l’élève participe de la même façon, hors du champ. Il faut l’accord de chaque responsable légal·e et "
        "celui de l’élève.",
        "What we ask: to photograph and film the pupil during the activities, and to show these pictures.\n\n"
        "Where (support): the website and social networks of the center and its member schools, their reports and posters, "
        "the pages of the school. Never in advertising, never sold, never with a name beside the picture.\n\n"
        "Why: to show what these activities are to other families and to those who support them.\n\n"
        "Who sees it: anybody who looks there, in France and elsewhere; nobody is paid.\n\n"
        "How long: pictures taken during this school year, shown for two years at most.\n\n"
        "Saying no: the pupil takes part all the same, out of the frame. Each guardian must agree, and so must the pupil.",
        True,
    ),
    Purpose.FOLLOW_UP: (
        "Prendre des nouvelles ensuite",
        "Hearing from you afterwards",
        "Ce que nous demandons : pouvoir écrire après une activité, une ou deux fois par an, pour demander ce que l’élève "
        "est devenu·e (études, métier) ; et, si l’élève entre au vivier, pour proposer la suite (visites, tutorat, "
        "stages), une fois par quinzaine au plus.\n\n"
        "Pourquoi : savoir si nos activités servent, les améliorer, et ne laisser personne au bord du chemin.\n\n"
        "Ce que nous utilisons : nom, adresse e-mail, réponses à de courts questionnaires, toujours facultatifs.\n\n"
        "Qui le voit : l’équipe du centre. Nous ne publions que des chiffres, jamais un nom ni un petit groupe.\n\n"
        "Combien de temps : cinq ans au plus. À 15 ans et à 18 ans, c’est à l’élève que nous redemandons.",
        "What we ask: to write after an activity, once or twice a year, and ask what the pupil has become (studies, work); "
        "and, for those who come into the talent pool, to propose what comes next (visits, tutoring, camps), once a "
        "fortnight at most.\n\n"
        "Why: to know whether our activities help, to make them better, and to leave nobody behind.\n\n"
        "What we use: name, e-mail address, answers to short questionnaires, always optional.\n\n"
        "Who sees it: the team of the center. We publish figures only, never a name or a small group.\n\n"
        "How long: five years at most. At 15 and at 18 we ask the pupil again.",
        False,
    ),
    Purpose.RESEARCH: (
        "Recherche",
        "Research",
        "Ce que nous demandons : que des chercheurs et chercheuses puissent étudier les données de participation et les "
        "réponses aux questionnaires de l’élève, sans son nom.\n\n"
        "Pourquoi : comprendre ce qui aide vraiment les jeunes à choisir leurs études.\n\n"
        "Qui le voit : les équipes d’un projet approuvé par le centre, sous un code à la place du nom. Les résultats "
        "publiés ne permettent de reconnaître personne.\n\n"
        "Combien de temps : la durée du projet, cinq ans au plus.\n\n"
        "Dire non : l’élève participe de la même façon.",
        "What we ask: that researchers may study the pupil’s participation and answers to questionnaires, without the "
        "name.\n\n"
        "Why: to understand what really helps young people choose their studies.\n\n"
        "Who sees it: the teams of a project that the center has approved, under a code in the place of the name. Nobody "
        "can be recognised in what is published.\n\n"
        "How long: as long as the project, five years at most.\n\n"
        "Saying no: the pupil takes part all the same.",
        False,
    ),
    Purpose.CONTACT_AFTER_18: (
        "Rester en contact après 18 ans",
        "Staying in touch after 18",
        "Ce que nous demandons : pouvoir vous écrire autour de vos 18 ans, pour vous proposer de garder le contact : "
        "réseau des anciens et anciennes, mentorat, devenir bénévole à votre tour.\n\n"
        "Ce que nous utilisons : nom et adresse e-mail.\n\n"
        "Qui le voit : l’équipe du centre, personne d’autre.\n\n"
        "Combien de temps : jusqu’à vos 18 ans, où nous vous redemandons ; sans réponse, nous n’écrivons plus.",
        "What we ask: to write to you around your 18th birthday and offer to stay in touch: network of former pupils, "
        "mentoring, becoming a volunteer yourself.\n\n"
        "What we use: name and e-mail address.\n\n"
        "Who sees it: the team of the center, nobody else.\n\n"
        "How long: until you are 18, when we ask again; without an answer we write no more.",
        False,
    ),
    Purpose.CAMP_HEALTH: (
        "Informations de santé pour un camp",
        "Health information for a camp",
        "Ce que nous demandons : pouvoir recevoir, pour un camp avec hébergement, ce que l’équipe doit savoir pour la "
        "sécurité de l’élève (allergies, traitement, personne à appeler).\n\n"
        "Pourquoi : réagir juste et vite. Rien d’autre.\n\n"
        "Qui le voit : la direction du camp et l’équipe de santé, sur une feuille fermée.\n\n"
        "Combien de temps : le temps du camp ; la feuille est détruite dans le mois qui suit.\n\n"
        "Dire non : parlez-en avec nous, pour trouver une autre façon de garantir la sécurité de l’élève.",
        "What we ask: to receive, for a camp with overnight stay, what the team must know to keep the pupil safe "
        "(allergies, treatment, whom to call).\n\n"
        "Why: to react rightly and fast. Nothing else.\n\n"
        "Who sees it: the head of the camp and the health team, on a closed sheet.\n\n"
        "How long: during the camp; the sheet is destroyed within the following month.\n\n"
        "Saying no: please talk to us, and we find another way to keep the pupil safe.",
        True,
    ),
}


def publish_first_versions(**_kwargs) -> int:
    """Publish what has never had a version; what staff published stays. Returns how many are new."""
    model = apps.get_model("people", "ConsentText")
    known = set(model.objects.values_list("purpose", flat=True))
    missing = [purpose for purpose in TEXTS if purpose not in known]
    for purpose in missing:
        title_fr, title_en, text_fr, text_en, each_year = TEXTS[purpose]
        model.objects.create(
            purpose=purpose,
            version=1,
            title_fr=title_fr,
            title_en=title_en,
            text_fr=f"{text_fr}\n\n{_HOW_TO_TAKE_BACK_FR}",
            text_en=f"{text_en}\n\n{_HOW_TO_TAKE_BACK_EN}",
            each_school_year=each_year,
        )
    return len(missing)
