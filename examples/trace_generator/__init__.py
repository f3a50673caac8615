"""A small shop that makes traces: three services of one program, each with a resource of its own."""
