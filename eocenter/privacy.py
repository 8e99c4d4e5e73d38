"""The house itself holds nothing about a person."""

PERSONAL = {}
TECHNICAL = {"Heartbeat.beaten_at"}
