"""Did a change make a difference? Designs of evaluation, from a plain before and after to a randomised trial, each with what it cannot show."""
