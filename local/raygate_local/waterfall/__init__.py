"""A trace as rows: who called whom, when, for how long, and what went wrong; for the page and for the terminal."""

from raygate_local.waterfall.folds import Fold
from raygate_local.waterfall.model import Waterfall, waterfall
from raygate_local.waterfall.row import Kind, Note, Row, Status

__all__ = ["Fold", "Kind", "Note", "Row", "Status", "Waterfall", "waterfall"]
