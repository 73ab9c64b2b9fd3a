"""A made-up register to explore: 44 workshops of a council that does not exist, seeded, marked as a demo wherever it is shown."""
