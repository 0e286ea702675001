// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"
#include "jail_calls.h"
#include "jail_paths.h"
#include "text.h"

/* Root could undo what follows: it owns the files, and the kernel's settings. */
static bool is_root(void)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) || !real || !effective ||
	       !saved;
}

static int limit(int resource, uint64_t value)
{
	rlim_t most = value < RLIM_INFINITY ? (rlim_t)value : RLIM_INFINITY;
	struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	return setrlimit(resource, &limit) ? -errno : 0;
}

static int limit_resources(const struct jail *jail)
{
	const struct {
		int resource;
		uint64_t value;
	} limits[] = {
		{ RLIMIT_AS, jail->memory },
		{ RLIMIT_CPU, jail->seconds ? jail->seconds : RLIM_INFINITY },
		{ RLIMIT_NOFILE, jail->descriptors },
		{ RLIMIT_NPROC, jail->threads },
		{ RLIMIT_FSIZE, jail->file_size },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(limits); i++)
		ret = limit(limits[i].resource, limits[i].value);
	return ret;
}

/* What was inherited is of no use here; the first ones are the caller's choice. */
static int close_descriptors(const struct jail *jail)
{
	int fd;

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, jail->kept, ~0U, 0U))
		return 0;
#endif
	for (fd = (int)jail->kept; fd < 1024; fd++)
		close(fd);
	return 0;
}

/* Of the bounding set only who has CAP_SETPCAP may drop any. */
static int drop_capabilities(const struct jail *jail)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
	unsigned long capability;

	(void)jail;
	for (capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0;
	     capability++)
		prctl(PR_CAPBSET_DROP, capability);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, none) ? -errno : 0;
}

static int refuse_privileges(const struct jail *jail)
{
	(void)jail;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

/* Others of the same user can then not look into it. */
static int hide(const struct jail *jail)
{
	(void)jail;
	return prctl(PR_SET_DUMPABLE, 0) ? -errno : 0;
}

static int limit_paths(const struct jail *jail)
{
	return jail_paths(jail->readable, jail->also);
}

static int limit_calls(const struct jail *jail)
{
	return jail_calls(jail->calls);
}

int jail_enter(const struct jail *jail, char *sentence, size_t size)
{
	static const struct {
		int (*enter)(const struct jail *jail);
		const char *failed;
	} steps[] = {
		{ close_descriptors, "its descriptors cannot be closed" },
		{ limit_resources, "its resources cannot be limited" },
		{ drop_capabilities, "its capabilities cannot be dropped" },
		{ refuse_privileges, "new privileges cannot be refused" },
		{ hide, "it cannot be hidden from others" },
		{ limit_paths, "its files cannot be limited" },
		{ limit_calls, "its system calls cannot be limited" },
	};
	size_t i;
	int ret;

	if (is_root() && !jail->allow_root) {
		text_format(sentence, size,
			    "%s does not run as root: start it as a user of its own",
			    jail->program);
		return -EPERM;
	}
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ret = steps[i].enter(jail);
		if (!ret)
			continue;
		text_format(sentence, size, "%s: %s", steps[i].failed,
			    strerror(-ret));
		return ret;
	}
	return 0;
}
