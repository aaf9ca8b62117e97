"""The clocks of an incident: a fold over its events, cached, proved and explained."""
