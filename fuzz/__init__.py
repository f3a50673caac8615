"""Damaged requests for the decoder and the handler: nothing leaves but an answer, nothing hangs, nothing grows."""
