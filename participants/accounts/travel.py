"""Rows of the back office that come in and go out: one pattern for every table.

Columns are what people outside know; unchanged rows are left alone; a row goes through the model's own rules; a bad row
refuses only itself, and the last column of the preview says why. A plain table says its columns (`TravelResource`); a
table that only its actions may write also says what a line means (`Line`) and which action does it (`ActedResource`).
Nobody brings in, or learns of, what `visible_to` does not give them.
"""

from collections.abc import Callable

import tablib
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import Error, RowResult
from import_export.widgets import ForeignKeyWidget


class Known(ForeignKeyWidget):
    """A row of another table by what people call it; one that is not there is refused in a sentence."""

    user = None

    def get_queryset(self, value, row, *args, **kwargs):
        return super().get_queryset(value, row, *args, **kwargs).visible_to(self.user)

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


class Sentence(Error):  # noqa: N818 - the library calls it so
    """What is wrong with a file as a whole, in words and nothing else."""

    traceback = ""


class TravelResource(resources.ModelResource):
    """A table whose rows travel in files, for the user who moves them."""

    most_lines = 2000  # what is taken in while somebody waits for the page

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        for field in self.fields.values():
            field.widget.user = user

    def get_queryset(self):
        """What a line may change; what leaves was chosen by the table that it leaves from."""
        return super().get_queryset().visible_to(self.user)

    def import_data(self, dataset, dry_run=False, **kwargs):
        if len(dataset) > self.most_lines:
            result = self.get_result_class()()
            result.append_base_error(
                Sentence(_("At most %(most)d lines at once: split it.") % {"most": self.most_lines})
            )
            return result
        return self.take_in(dataset, dry_run=dry_run, **kwargs)

    def take_in(self, dataset, **kwargs):
        """Look at all lines, and write them unless this is only a look."""
        return super().import_data(dataset, **kwargs)

    def before_import(self, dataset, **kwargs):
        missing = set(self.needed_columns()) - set(dataset.headers or [])
        if missing:
            raise ValidationError(
                _("These columns are missing: %(names)s. Add them and send the file again.")
                % {"names": ", ".join(sorted(missing))}
            )

    def needed_columns(self):
        """By which a line says of which row it speaks."""
        return [self.fields[name].column_name for name in self.get_import_id_fields()]

    def _check_import_id_fields(self, headers):
        """Said by `before_import`, in words."""

    def handle_import_error(self, result, error, raise_errors=False):
        result.append_base_error(Sentence(" ".join(getattr(error, "messages", [str(error)]))))

    def get_diff_headers(self):
        return [*super().get_diff_headers(), _("Remark")]

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        try:
            super().import_field(field, instance, row, is_m2m, **kwargs)
        except ArithmeticError:
            raise ValueError(_("“%(value)s” is not a number.") % {"value": row[field.column_name]}) from None
        # An empty cell is "not known" where the table has a word for it, else many rows would share an empty one.
        if getattr(instance, field.attribute) == "" and self._meta.model._meta.get_field(field.attribute).null:
            setattr(instance, field.attribute, None)

    def import_row(self, row, instance_loader, **kwargs):
        """A row by itself: what it wrote is taken back when it is refused."""
        with transaction.atomic():
            result = self.read_row(row, instance_loader, **kwargs)
            refused = result.errors or result.validation_error
            transaction.set_rollback(bool(refused))
        if not refused:
            result.diff = [*(result.diff or []), ""]
            return result
        remark = _said(result)
        cells = [escape(row.get(name, "")) for name in self.get_diff_headers()[:-1]]
        result.errors, result.validation_error = [], None
        result.import_type, result.diff = RowResult.IMPORT_TYPE_SKIP, [*cells, escape(remark)]
        return result

    def read_row(self, row, instance_loader, **kwargs):
        """What becomes of a row: by the rules of the model."""
        return super().import_row(row, instance_loader, **kwargs)


class OneOf(forms.ChoiceField):
    """A code of the model, or its label in the reader's language."""

    def __init__(self, choices, *, required=False):
        super().__init__(choices=choices, required=required)

    def to_python(self, value):
        value = super().to_python(value).strip()
        return next((code for code, label in self.choices if label and str(label).lower() == value.lower()), value)

    def validate(self, value):
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            codes = ", ".join(str(code) for code, _label in self.choices if code)
            raise ValidationError(
                _("“%(value)s” is not an answer. Write one of: %(codes)s.") % {"value": value, "codes": codes}
            )


class Line(forms.Form):
    """What one line of a file means: its fields are columns, an empty cell says nothing.

    `group` names the columns whose lines wait for each other (one session), and whose preview is looked at together.
    """

    group: tuple[str, ...] = ()
    # The row that the line speaks of, or nothing when it is a new one: each kind of line says how it is found.
    found: Callable[[], Model | None]

    def __init__(self, cells, *, user, memory):
        said = {name: "" if cell is None else str(cell).strip() for name, cell in cells.items()}
        super().__init__({name: cell for name, cell in said.items() if cell})
        self.user, self.memory = user, memory

    def once(self, key, ask):
        """What `ask` finds, asked once in a file: most lines name the session of the line before."""
        if key not in self.memory:
            self.memory[key] = ask()
        return self.memory[key]

    def said(self, *names):
        """The cells that say something, as values."""
        return {name: self.cleaned_data[name] for name in names if name in self.data}

    def refuse(self, column, sentence):
        """Say what is wrong with a cell, and what to do."""
        self.add_error(column, ValidationError(sentence))


class ActedResource(TravelResource):
    """A table that only its actions write: `line` reads what a line means, `act` does it, the preview shows what came
    of it. Written line by line, so that no lock is held longer than on a page."""

    line: type[Line]
    most_lines = 500  # each is an action with its letters
    # (line, what was found or nothing) -> the row as it is once done: each table names its action.
    act: Callable[[Line, Model | None], Model]

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.memory = {}

    def needed_columns(self):
        return [name for name, field in self.line.base_fields.items() if field.required]

    def get_diff_headers(self):
        return [*self.get_export_headers(), _("Remark")]

    def get_user_visible_fields(self):
        """The columns of the page that asks for a file."""
        return [field for field in self.get_export_fields() if field.column_name in self.line.base_fields]

    def take_in(self, dataset, dry_run=False, **kwargs):
        if not dry_run:
            return super().take_in(dataset, use_transactions=False, **kwargs)
        return self._looked_at(dataset, **kwargs)

    def _looked_at(self, dataset, **kwargs):
        """The preview: lines that wait for each other are tried in order, then all taken back before the next are, so
        that looking at a long file keeps nobody waiting."""
        whole, rows = self.get_result_class()(), {}
        whole.diff_headers, whole.total_rows = self.get_diff_headers(), len(dataset)
        for numbers in self._groups(dataset):
            part = tablib.Dataset(*(dataset[number] for number in numbers), headers=dataset.headers)
            result = super().take_in(part, dry_run=True, **kwargs)
            whole.base_errors = result.base_errors
            whole.totals = {kind: count + result.totals[kind] for kind, count in whole.totals.items()}
            rows |= zip(numbers, result.rows, strict=True)
        whole.rows = [rows[number] for number in sorted(rows)]
        return whole

    def _groups(self, dataset):
        places = [dataset.headers.index(name) for name in self.line.group if name in dataset.headers]
        groups = {}
        for number, row in enumerate(dataset):
            groups.setdefault(tuple(row[place] for place in places), []).append(number)
        return groups.values()

    def read_row(self, row, instance_loader, **kwargs):
        result = RowResult()
        try:
            self._do(row, result)
        except ValidationError as refusal:
            result.validation_error = refusal
        except DatabaseError:
            result.validation_error = ValidationError(
                _("Somebody else is changing the same thing: send this line again.")
            )
        return result

    def _do(self, row, result):
        line = self.line(row, user=self.user, memory=self.memory)
        found = line.found() if line.is_valid() else None
        if line.errors:
            raise ValidationError(line.errors.as_data())
        before = self._cells(found) if found else None
        done = self.act(line, found)
        after = self._cells(done)
        kinds = {None: RowResult.IMPORT_TYPE_NEW, after: RowResult.IMPORT_TYPE_SKIP}
        result.import_type = kinds.get(before, RowResult.IMPORT_TYPE_UPDATE)
        result.diff = [_difference(*pair) for pair in zip(before or after, after, strict=True)]
        result.add_instance_info(done)

    def _cells(self, instance):
        """As the row leaves: read anew, because actions change more than what they are given."""
        row = self.named(self._meta.model.objects.all()).get(pk=instance.pk)
        return tuple(str(cell) for cell in self.export_resource(row))

    def named(self, queryset):
        """With the names of what the rows point to."""
        return queryset

    def filter_export(self, queryset, **kwargs):
        return self.named(queryset)


def _difference(was, now):
    return escape(now) if was == now else format_html("<del>{}</del> <ins>{}</ins>", was, now)


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
