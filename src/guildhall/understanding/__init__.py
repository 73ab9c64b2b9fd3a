"""What was meant: language, signals of risk, personal data, questions, and the services they are about.

Owns detectors, the router and question splitting. Never acts on what it finds, and never does network or database I/O.
Start reading at `understander.py`.
"""
