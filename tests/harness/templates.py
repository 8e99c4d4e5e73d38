"""An undefined variable in a template of ours is an error, not an empty place."""

import copy
from pathlib import Path

from django.conf import settings
from django.template.base import FilterExpression, Parser, VariableDoesNotExist

OWN_TEMPLATES = Path(settings.BASE_DIR) / "templates"
EXPLICIT_DEFAULTS = {"default", "default_if_none"}


class UndefinedVariableError(AssertionError):
    """A template of ours names something that its view did not give."""


class StrictExpression(FilterExpression):
    def resolve(self, context, ignore_failures=False):
        if ignore_failures or not self.is_var:
            return super().resolve(context, ignore_failures)
        value = self._value_in(context)
        if not self.filters:
            return value
        resolved = copy.copy(self)
        resolved.is_var, resolved.var = False, value
        return super(StrictExpression, resolved).resolve(context)

    def _value_in(self, context):
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            first_filter = self.filters[0][0].__name__ if self.filters else None
            if first_filter not in EXPLICIT_DEFAULTS:
                raise UndefinedVariableError(f"{self.own_origin}: {{{{ {self.token} }}}} is not defined") from None
            return None


def fail_on_undefined_variables(monkeypatch):
    """Make every expression of our templates strict; those of third parties stay as their authors wrote them."""
    compile_filter = Parser.compile_filter

    def compile_strictly(parser, token):
        origin = getattr(parser.origin, "name", "")
        if OWN_TEMPLATES not in Path(origin).parents:
            return compile_filter(parser, token)
        expression = StrictExpression(token, parser)
        expression.own_origin = origin
        return expression

    monkeypatch.setattr(Parser, "compile_filter", compile_strictly)
