/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that are waited for as files are.
 */
#ifndef UXMC_SIGNALS_H
#define UXMC_SIGNALS_H

/*
 * From now on these, of which the last is followed by 0, are read from what is returned
 * as struct signalfd_siginfo, and SIGPIPE is ignored. -errno
 */
int signals_open(const int *numbers);

#endif
