"""X-Ray's operations, one file for each thing that they are about."""
