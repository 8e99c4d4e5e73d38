"""WHAT COMES OF IT: figures and knowledge.

measurement  pillar 4: indicators, targets, dashboards, exports
research     pillar 5
"""
