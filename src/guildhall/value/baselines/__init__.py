"""What a measure was before a change: call logs and monthly figures from a council's own spreadsheets, checked row by row, and frozen."""
