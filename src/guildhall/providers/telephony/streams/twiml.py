"""What we tell the supplier to do with a call, in its XML (TwiML): stream it to us, ring people, refuse it."""

from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def stream_then_advisers(stream: str, token: str, advisers: str) -> str:
    """Stream the call to us. When the stream ends and nobody has said what comes next, we are gone: the advisers ring."""
    parameter = f'<Parameter name="token" value={quoteattr(token)}/>'
    return _response(f"<Connect><Stream url={quoteattr(stream)}>{parameter}</Stream></Connect>{advisers}")


def dial(number: str, seconds: int, action: str = "", answered: str = "", reference: str = "") -> str:
    """Ring somebody. `action` is asked when it is over, `answered` is told when they pick up; a SIP phone gets the reference as a header."""
    after = f' action={quoteattr(action)} method="POST"' if action else ""
    told = f' statusCallback={quoteattr(answered)} statusCallbackEvent="answered" statusCallbackMethod="POST"' if answered else ""
    if number.startswith("sip:"):
        header = f"{'&' if '?' in number else '?'}X-Case-Ref={reference}" if reference else ""
        who = f"<Sip{told}>{escape(number + header)}</Sip>"
    else:
        who = f"<Number{told}>{escape(number)}</Number>"
    return f'<Dial timeout="{seconds}"{after}>{who}</Dial>'


def only(verbs: str) -> str:
    """These verbs and nothing else."""
    return _response(verbs)


def refused(busy: bool) -> str:
    """Do not pick up."""
    return _response('<Reject reason="busy"/>' if busy else "<Reject/>")


def hung_up() -> str:
    """It is over."""
    return _response("<Hangup/>")


def _response(verbs: str) -> str:
    return f"{HEAD}<Response>{verbs}</Response>"
