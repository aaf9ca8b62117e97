"""Working time and deadlines: knows no ticket."""
