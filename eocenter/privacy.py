"""The house itself holds nothing about a person."""

PERSONAL = {}
# A mark at the door is a sealed key and a few moments, forgotten within the hour.
TECHNICAL = {"Heartbeat.queue", "Heartbeat.beaten_at", "DoorMark"}
