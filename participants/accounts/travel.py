"""Rows of the back office that come in and go out: one pattern for every table.

Columns are what people outside know; unchanged rows are left alone; a row goes through the model's own rules; a bad row
refuses only itself, and the last column of the preview says why.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import RowResult
from import_export.widgets import ForeignKeyWidget


class Known(ForeignKeyWidget):
    """A row of another table by what people call it; one that is not there is refused in a sentence."""

    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except ObjectDoesNotExist:
            raise ValueError(
                _("“%(value)s” is not known here: check it, or enter it first.") % {"value": value}
            ) from None
        except self.model.MultipleObjectsReturned:
            raise ValueError(
                _("“%(value)s” is the name of several: change this row by hand.") % {"value": value}
            ) from None


class TravelResource(resources.ModelResource):
    """A table whose rows travel in files."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def get_diff_headers(self):
        return [*super().get_diff_headers(), _("Remark")]

    def import_row(self, row, instance_loader, **kwargs):
        """A row by itself: what it wrote is taken back when it is refused."""
        with transaction.atomic():
            result = super().import_row(row, instance_loader, **kwargs)
            refused = result.errors or result.validation_error
            transaction.set_rollback(bool(refused))
        if not refused:
            result.diff = [*(result.diff or []), ""]
            return result
        remark = _said(result)
        cells = [escape(row.get(name, "")) for name in super().get_diff_headers()]
        result.errors, result.validation_error = [], None
        result.import_type, result.diff = RowResult.IMPORT_TYPE_SKIP, [*cells, escape(remark)]
        return result


def _said(result) -> str:
    """Why a row is refused: column and sentence."""
    if result.validation_error is None:
        error = result.errors[0].error
        return _("Not taken: %(reason)s") % {
            "reason": " ".join(error.messages) if isinstance(error, ValidationError) else error
        }
    if not hasattr(result.validation_error, "error_dict"):
        return " ".join(result.validation_error.messages)
    parts = []
    for column, sentences in result.validation_error.message_dict.items():
        said = " ".join(sentences)
        parts.append(said if column == NON_FIELD_ERRORS else f"{column}: {said}")
    return " ".join(parts)
