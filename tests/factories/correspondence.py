"""Rules, messages and jobs."""

from datetime import timedelta

import factory

from participants.correspondence.models import Job, Message, Rule
from tests.factories.accounts import UserFactory


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rule

    code = factory.Sequence(lambda n: f"rule-{n}")
    occasion = "meeting"
    offset = timedelta()
    subject_fr = "Votre rencontre : {title}"
    subject_en = "Your meeting: {title}"
    body_fr = "Bonjour {recipient_name},\n\nRendez-vous pour {title}."
    body_en = "Hello {recipient_name},\n\nSee you at {title}."
    action_label_fr = "Voir la rencontre"
    action_label_en = "See the meeting"


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    rule = factory.SubFactory(RuleFactory)
    recipient = factory.SubFactory(UserFactory, language="fr")
    address = factory.SelfAttribute("recipient.email")
    occasion = "meeting"
    about = 1
    key = factory.Sequence(lambda n: f"key-{n}")


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    kind = "list"
    owner = factory.SubFactory(UserFactory)
    fingerprint = factory.Sequence(str)
