"""How fast, how big: measured as ratios, against a fixed yardstick and against the released exporter."""
