r"""Our documents beside the released exporter's, for spans that are made to be awkward: field by field the same.

Left out of what is made, since it is known and meant to differ:

* identifiers of a wrong length: the collector refuses the request for them, we the span;
* what is beyond our bounds: text over 64 KiB, more than 1,024 attributes, JSON in metadata below 100 levels;
* several colons in the host of a connection string: a host or none, by the release of Go; none with us;
* several lone surrogates in a row in JSON: the collector's reader makes pairs of them that are none;
* text that is no UTF-8 within a list or map where the code of a failed AWS call belongs: Go writes `\ufffd`, six
  characters, where all other places have the one that it stands for;
* letters that one of the two languages does not know yet.
"""
