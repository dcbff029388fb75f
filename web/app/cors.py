"""What a page of another site may ask for, and how long an address may be."""

from __future__ import annotations

MAX_ADDRESS = 64_000


CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Link",
}
