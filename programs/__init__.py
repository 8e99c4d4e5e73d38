"""WHAT WE DO: the pillars that deliver to young people.

activities   the spine: programme, activity, session, booking, attendance, head-count, assignment
awareness    pillar 1: talks in schools, days on campus, events
tutoring     pillar 2
engagement   pillar 3
"""
