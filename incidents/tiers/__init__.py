"""Tiers: which team had an incident, from when to when, and how it got there."""
