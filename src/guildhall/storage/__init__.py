"""The rooms' memory: SQL schema, migrations, one small repository per room that remembers.

Never decides anything. Start reading at `database.py`.
"""
