"""`python -m guildhall.providers.telephony.guard --sip FD CONFIG`: a guard over a SIP socket that is bound already."""

import sys

from guildhall.providers.telephony.guard.sip_rescue import SipRescue
from guildhall.providers.telephony.guard.starting import main

if __name__ == "__main__":
    main(sys.argv[1:], SipRescue)
