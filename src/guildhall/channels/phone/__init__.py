"""Someone speaks on the phone: sound and keys in, words to the turn, its reply as sound out. Start reading at `ports.py`.

Never decides what is answered and never reaches the network itself: gateways and speech are providers.
"""
