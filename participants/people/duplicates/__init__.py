"""Two records of one pupil: found (`candidates`), weighed with reasons (`scoring`), made one (`moving`, `clashes`).

`from participants.people.duplicates.candidates import similar_to` is what a form or an import asks before it enters
somebody new.
"""
