"""Fakes for the ports of the house, public for those who write plug-ins and tests.

Never used by a running deployment. Start reading at `house.py`.
"""
