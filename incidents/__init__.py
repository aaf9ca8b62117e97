"""What is wrong now: the life cycle of a ticket."""
