"""Why it happened: problems and their causes."""
