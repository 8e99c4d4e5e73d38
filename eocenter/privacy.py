"""The house itself holds nothing about a person."""

PERSONAL = {}
TECHNICAL = {"Heartbeat.queue", "Heartbeat.beaten_at"}
