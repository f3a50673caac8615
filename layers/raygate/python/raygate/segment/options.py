"""What may be chosen about the documents: the exporter's own settings, by our names."""

from raygate.memory import settled
from raygate.records import dataclass
from raygate.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """The part of `Settings` that the mapping reads, and two of the exporter's feature gates."""

    indexed_attributes: frozenset[str] = frozenset()
    index_all_attributes: bool = False
    log_group_names: tuple[str, ...] = ()
    allow_dot: bool = True
    """Off: the dot of an annotation's key becomes `_` too, as before February 2024."""
    now_s: int | None = None
    """With a time in epoch seconds, trace ids whose first four bytes are not a recent time are refused."""

    @staticmethod
    @settled
    def of(settings: Settings) -> "Options":
        """The options that a deployment's settings ask for."""
        return Options(frozenset(settings.indexed_attributes), settings.index_all_attributes, settings.log_group_names)
