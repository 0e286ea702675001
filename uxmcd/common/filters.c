// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "filters.h"

/* Without a filter to read it fails with EFAULT where there are filters. */
bool filters_are_there(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) && errno == EFAULT;
}
