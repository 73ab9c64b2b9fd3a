"""Detectors: small readers of evidence, each with a name, a version and the languages it is validated for.

They never act: rules in `policy` judge what they find. Start reading at `detector.py`.
"""
