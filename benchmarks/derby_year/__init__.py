"""A year's traffic in an hour: the whole governed, recorded turn at the rate of 2.9 million questions an hour."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it, and before numpy is first imported
