# SPDX-License-Identifier: GPL-2.0-or-later
"""What the first conftest.py in PYTHONPATH has, that of tests/e2e or tests/controllers,
for tests in any directory: pytest -p borrowed_fixtures with --noconftest. (pytest has
what is in a conftest.py for its own directory only.)
"""
from conftest import *  # pylint: disable=wildcard-import,unused-wildcard-import
