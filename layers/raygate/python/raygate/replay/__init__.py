"""replay: what is kept is sent again. Dead letters, parked documents, a span of the archive, an object, a schedule.

`asked.py` says what can be asked for, `events.py` which events ask for it, `sources/` where it comes from, `run.py` how
it is sent, `measure.py` what it would be. Nothing is imported here: who wants `objects.py` pays for nothing else.
"""
