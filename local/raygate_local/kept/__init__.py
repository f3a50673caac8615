"""kept: what `raygate serve` keeps on this machine, and the worker that delivers it.

Queue   and bucket, as in the cloud, in one SQLite file of the data folder; or SQS and S3 themselves.
Worker  the one of the function, in a thread, fed as the event source mapping feeds it.
Rules   One process owns a folder. What was acknowledged is on the disk: SIGKILL at any moment loses nothing of it.
"""
