"""What we run: services, categories, locations."""
