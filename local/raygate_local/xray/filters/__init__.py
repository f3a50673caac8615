"""X-Ray's filter expressions: read, judged, completed.

Takes   the text of an expression; the documents of traces.
Gives   `parse` → `Filter`, whose `matches` says whether a trace, as `Facts`, is what it asks for. `complete`: what
        could be written next. `equals` and the like: filters made of values that were seen.
Raises  `FilterError` with a column.
Source  X-Ray developer guide, "Use filter expressions".
"""

from raygate_local.xray.filters.completion import Completion, complete
from raygate_local.xray.filters.error import FilterError
from raygate_local.xray.filters.facts import Facts, facts_of
from raygate_local.xray.filters.filter import Filter, parse
from raygate_local.xray.filters.making import between, both, command, edge, equals, excludes, quote, service
from raygate_local.xray.filters.vocabulary import Vocabulary

__all__ = [
    "Completion",
    "Facts",
    "Filter",
    "FilterError",
    "Vocabulary",
    "between",
    "both",
    "command",
    "complete",
    "edge",
    "equals",
    "excludes",
    "facts_of",
    "parse",
    "quote",
    "service",
]
