"""Calls that Asterisk has: it speaks to the telephone network, we are told of each call over ARI, and the sound comes over a socket."""
