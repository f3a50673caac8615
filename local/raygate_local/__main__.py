"""`python -m raygate_local`: the command, where nothing is installed."""

from raygate_local.cli import main

main(prog_name="raygate")
