"""Reads `councils/<slug>/`, checks it, and hands each room its own slice.

Owns the loading and the messages about what is wrong. Never decides a turn. Start reading at `loading.py`.
"""
