"""Services that hear and speak, behind the phone's ports `SpeechToText` and `TextToSpeech`.

They never see who calls, keep nothing of what was said, and write neither sound nor words into any log. Start reading at `chain.py`.
"""
