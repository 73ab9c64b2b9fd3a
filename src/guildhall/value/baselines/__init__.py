"""What a measure was before a change: call logs and monthly figures read from a council's own spreadsheets, checked row by row, and frozen."""
