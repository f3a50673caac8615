"""Spans from this machine to an endpoint: a test trace, files, recorded requests, a steady load."""
