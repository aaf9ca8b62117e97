"""The page on which administrators see whether the product does what it should."""
