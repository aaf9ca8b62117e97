"""The watchdog: asks every minute whether what should happen does happen.

It shares no code with what it watches (no sweep, no outbox, no handler; an import
contract keeps it so) and asks PostgreSQL in SQL of its own.
"""
