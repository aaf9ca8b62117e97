"""Which article helps with this ticket, how surely, and why.

Pure: no Django, no database, no network, no model to download. What a caller may rely
on:

- The same question has the same answer, whatever the order of the articles.
- A score is from 0 to 1. One more term that ticket and article share never lowers it.
- Without a shared term or a signature that hits there is no candidate: that the service
  is the same is no reason alone, nor is a signature of any error.
- Every candidate says why.
- ``Index.of`` is made once for many questions. However many articles it holds, at most
  ``MOST_SCORED`` are looked at closely for one.
- No pattern that ``Signature.of`` takes can run away; it raises ``Refused``, which says
  what to change. An index leaves such a pattern out and names it in ``refused``.
"""

from knowledgebase.matching.index import Index
from knowledgebase.matching.patterns import Refused, Why
from knowledgebase.matching.records import Asked, Because, Candidate, Known, Reason
from knowledgebase.matching.scoring import MOST_SCORED, candidates, scored
from knowledgebase.matching.signatures import Signature
from knowledgebase.matching.weights import THRESHOLD, Weights

__all__ = [
    "MOST_SCORED",
    "THRESHOLD",
    "Asked",
    "Because",
    "Candidate",
    "Index",
    "Known",
    "Reason",
    "Refused",
    "Signature",
    "Weights",
    "Why",
    "candidates",
    "scored",
]
