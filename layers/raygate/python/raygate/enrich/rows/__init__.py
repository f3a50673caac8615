"""The rows, by what they speak of. `enrich.conventions` and `enrich.resource` put them together."""
