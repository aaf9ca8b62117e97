"""The ladder of a ticket: whom it called, and whom it calls next.

``climbing`` says what comes next, from events alone; the clocks keep that with
themselves, a timer tells it, and ``rehearsing`` says what a draft would have told.
"""
