"""How articles do, and what nobody has written down yet."""
