"""Scans of what the project is made of and of what it builds: `make scan`.

Each is a module that runs alone (`python -m scans.leaks`), prints what it looked at, and ends with 1 when it found
something. None of them changes a file that is tracked.
"""
