from tests.web.browser import browser as browser
from tests.web.browser import guildhall as guildhall
