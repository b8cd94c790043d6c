"""``python -m live`` fetches Python for the browser, and checks it."""

import sys

from live.runtime import RuntimeMissingError, fetch

try:
    fetch()
except RuntimeMissingError as error:
    sys.exit(f"{error}. The book can be built without it: its pages are static then.")
