"""The inbox of the demonstration: every mail that it would send, in the browser."""
