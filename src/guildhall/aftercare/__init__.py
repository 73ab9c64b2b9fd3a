"""What comes after a conversation: messages that leave the house, and who came back.

It never decides that somebody is at risk and never sends without a sender given to it. Start reading at `outbox.py`.
"""
