"""Requests for talks, which come from schools."""

from programs.awareness.models.request import (
    WEEKDAYS,
    HalfDay,
    RequestedClass,
    RequestedSlot,
    TalkRequest,
    monday_of,
)

__all__ = ["WEEKDAYS", "HalfDay", "RequestedClass", "RequestedSlot", "TalkRequest", "monday_of"]
