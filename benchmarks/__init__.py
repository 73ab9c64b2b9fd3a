"""One command each; ratios against named peers or floors in the same run."""
