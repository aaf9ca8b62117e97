"""People: users, teams, tiers, roles."""
