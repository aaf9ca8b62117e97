"""The history of another system, brought in: its log read, put in order, replayed."""
