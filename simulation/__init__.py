"""What breaks first: senders, gateway, functions, queue and X-Ray's quota as events in time. `python -m simulation`.

Nothing here talks to AWS. The rules are those of the code and of the template (tries, pauses, visibility, redrive) and
of AWS as documented; durations are the figures of `raygate cost`. One span is one segment. The same seed gives the same
run.
"""
