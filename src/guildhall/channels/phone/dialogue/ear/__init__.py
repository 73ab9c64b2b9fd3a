"""What is written for the eye, said for the ear: `for_the_ear` in `speech_text.py`."""
