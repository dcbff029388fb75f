from .models import Response

DEFAULT_POOL = 10


def build(req, resp):
    """See https://github.com/psf/requests/issues/1."""
    response = Response()
    response.encoding = "utf-8"
    return response
