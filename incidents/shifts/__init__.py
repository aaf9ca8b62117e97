"""What one shift leaves to the next, and what a team has before it."""
