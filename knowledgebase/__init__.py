"""What we know: articles and known errors."""
