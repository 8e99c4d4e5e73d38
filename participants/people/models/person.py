"""What every person has: a name, and how it is sorted."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from participants.accounts.text import Fold

# Whoever changes an address, in whatever way, takes back the links that went to the old one.
NEW_ADDRESS = """
IF lower(NEW.email) <> lower(OLD.email) AND NEW.link_key = OLD.link_key THEN
    NEW.link_key = OLD.link_key + 1;
END IF;
RETURN NEW;
"""


def ends_links_of_old_address():
    return pgtrigger.Trigger(
        name="new_address", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("email"), func=NEW_ADDRESS
    )


class Person(models.Model):
    """A first and a last name, found and sorted without accents."""

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    sort_name = models.GeneratedField(
        expression=Fold(Concat("last_name", Value(" "), "first_name")),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("sort name"),
    )

    class Meta:
        abstract = True
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="%(app_label)s_%(class)s_sort"),
            GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="%(app_label)s_%(class)s_search"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"
