# SPDX-License-Identifier: GPL-2.0-or-later
"""A uxmcd that is root, on a kernel without filters of system calls."""
import os
import subprocess
import time

import pytest

from conftest import TOP

# CAP_CHOWN, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_NET_ADMIN
KEPT = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 12


@pytest.mark.skipif(os.geteuid() != 0, reason="is about root")
def test_uxmcd_on_an_old_kernel(old_kernel, tmp_path):
    """It starts, says what it does without, and gives up the rest all the same."""
    control = tmp_path / "control"
    config = tmp_path / "uxmcd.conf"
    config.write_text(f"state_dir = {tmp_path}/state\ncontrol = {control}\n")
    with subprocess.Popen([old_kernel, TOP / "build" / "uxmcd", "-c", config],
                          stderr=subprocess.PIPE, text=True) as uxmcd:
        end = time.monotonic() + 20
        said = uxmcd.stderr.readline()
        while "does without" not in said and time.monotonic() < end and said:
            said = uxmcd.stderr.readline()
        assert said == "uxmcd: this kernel has no filters of system calls: uxmcd does " \
            "without\n"
        assert uxmcd.stderr.readline()      # it goes on
        with open(f"/proc/{uxmcd.pid}/status") as file:
            status = dict(line.split(":\t", 1) for line in file if ":\t" in line)
        assert int(status["CapEff"], 16) == KEPT
        assert status["NoNewPrivs"].strip() == "1"
        assert control.exists()
        uxmcd.terminate()
    assert uxmcd.returncode == 0
