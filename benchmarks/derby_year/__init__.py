"""A year's traffic in an hour: the whole governed, recorded turn at the rate of 2.9 million questions an hour."""
