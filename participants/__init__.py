"""WHO: the people and organisations that the center works with.

accounts        users, sign-in, roles, grants
organisations   schools (UAI), territories, school calendar, classes, member schools, clubs, partners
people          pupils, guardians, volunteers, school contacts
correspondence  every message and every background job: rules, outbox, log
"""
