"""Identity providers that vouch for members of staff, over OpenID Connect.
An adapter never decides who may come in: it gives an `Identity` or an error.
Start reading at `openid.py`.
"""
