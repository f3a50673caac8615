"""Everything that only a laptop needs: the command, the server, the local X-Ray."""
