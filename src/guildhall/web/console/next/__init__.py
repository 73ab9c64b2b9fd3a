"""What next: the pages of workshops, opportunities, duplicates, scores and the portfolio."""
