from tests.web.browser import guildhall as guildhall
