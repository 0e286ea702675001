// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a program as an old kernel would: without Landlock, close_range(), and
 * filters of system calls. One of those is what makes it so.
 *
 * usage: old-kernel PROGRAM [ARGUMENT...]
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int lack(scmp_filter_ctx filter, const char *name)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				seccomp_syscall_resolve_name(name), 0);
}

/* What prctl() says where there are no filters, or no seccomp at all */
static int lack_filters(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL),
				seccomp_syscall_resolve_name("prctl"), 1,
				SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0));
}

static int become_old(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return -ENOMEM;
	return lack(filter, "landlock_create_ruleset") ?:
	       lack(filter, "close_range") ?:
	       lack(filter, "seccomp") ?:
	       lack_filters(filter) ?:
	       seccomp_load(filter);
}

int main(int argc, char **argv)
{
	int ret;

	if (argc < 2)
		return 2;
	ret = become_old();
	if (ret) {
		fprintf(stderr, "old-kernel: %s\n", strerror(-ret));
		return 1;
	}
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
