"""A record type of the tests alone, to prove what holds for all of them."""
