# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/e2e/conftest.py has, for tests in any directory: pytest -p e2e_fixtures with
--noconftest. (pytest has what is in a conftest.py for its own directory only.)
"""
from conftest import *  # pylint: disable=wildcard-import,unused-wildcard-import
