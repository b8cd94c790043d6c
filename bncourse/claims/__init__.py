"""Claims with their evidence: a notebook fails when its text and its numbers part."""

from bncourse.claims.card import MIME, Card
from bncourse.claims.piece import Evidence
from bncourse.claims.verdict import ClaimError, claim

__all__ = ["MIME", "Card", "ClaimError", "Evidence", "claim"]
