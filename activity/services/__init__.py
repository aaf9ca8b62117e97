"""Use cases: arm and sweep timers, send what waits, redact, verify history."""
