"""What the tamper-evident log costs a turn, and how long a million records take to verify."""
