"""What happened, and who must hear of it."""
