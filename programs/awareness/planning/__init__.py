"""Which students speak in which school on which half-day. Pure: reads no row and writes none.

problem     what is known of talks and speakers, and who may speak where (every hard rule, with who it leaves out)
by_date     a plan as one makes it by hand, talk by talk in order of date: where the search begins
search      the best plan that is found in a given time, and how far from the best possible it can be at most
reasons     why each assignment was made, and why a talk is left unfilled
"""
