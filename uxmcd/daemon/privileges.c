// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "callfilter.h"
#include "privileges.h"
#include "text.h"

static const uint8_t kept[] = {
	CAP_NET_ADMIN,			/* the driver asks for it */
	CAP_SETUID, CAP_SETGID,		/* to start uxmc-fetch as another user */
	CAP_KILL,			/* and to end it */
	CAP_CHOWN,			/* the control socket is control_group's */
};

static bool is_kept(unsigned long capability)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i] == capability)
			return true;
	return false;
}

/* From the bounding set, too: no program that is run gets one of them back. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	unsigned long i;

	for (i = 0; prctl(PR_CAPBSET_READ, i) >= 0; i++) {
		if (is_kept(i)) {
			data[CAP_TO_INDEX(i)].permitted |= CAP_TO_MASK(i);
			data[CAP_TO_INDEX(i)].effective |= CAP_TO_MASK(i);
		} else if (prctl(PR_CAPBSET_DROP, i)) {
			return -errno;
		}
	}
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

int privileges_drop(void)
{
	int ret;

	if (geteuid())
		return 0;
	ret = drop_capabilities();
	if (!ret && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		ret = -errno;
	return ret ? ret : callfilter_set();
}
