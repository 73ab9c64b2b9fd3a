"""Did it make a difference? Designs of evaluation, from a plain before and after to a randomised trial, each with what it can and cannot show."""
