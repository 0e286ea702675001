// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <errno.h>
#include <seccomp.h>

#include "callfilter.h"
#include "filters.h"
#include "library.h"
#include "log.h"
#include "text.h"

/*
 * The firmware loader follows links and waits for FIFOs, with the kernel's rights:
 * in the firmware directory, which is uxmcd's alone, there are regular files only.
 */
static const char * const refused[] = {
	"link", "linkat", "symlink", "symlinkat", "mknod", "mknodat",
};

/* It is loaded for as long as the filter is made, or it would stay in memory. */
struct seccomp {
	__typeof__(seccomp_init) *seccomp_init;
	__typeof__(seccomp_rule_add_array) *seccomp_rule_add_array;
	__typeof__(seccomp_syscall_resolve_name) *seccomp_syscall_resolve_name;
	__typeof__(seccomp_load) *seccomp_load;
	__typeof__(seccomp_release) *seccomp_release;
};

static const struct library_symbol symbols[] = {
	LIBRARY_SYMBOL(struct seccomp, seccomp_init),
	LIBRARY_SYMBOL(struct seccomp, seccomp_rule_add_array),
	LIBRARY_SYMBOL(struct seccomp, seccomp_syscall_resolve_name),
	LIBRARY_SYMBOL(struct seccomp, seccomp_load),
	LIBRARY_SYMBOL(struct seccomp, seccomp_release),
	{ NULL, 0 },
};

static const char * const names[] = { "libseccomp.so.2", NULL };

static int add_refused(const struct seccomp *seccomp, scmp_filter_ctx filter)
{
	size_t i;
	int call, ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(refused); i++) {
		call = seccomp->seccomp_syscall_resolve_name(refused[i]);
		ret = seccomp->seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM),
						      call, 0, NULL);
		/* New architectures have only those that end in "at". */
		if (ret == -EDOM)
			ret = 0;
	}
	return ret;
}

static int set(const struct seccomp *seccomp)
{
	scmp_filter_ctx filter = seccomp->seccomp_init(SCMP_ACT_ALLOW);
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = add_refused(seccomp, filter);
	if (!ret)
		ret = seccomp->seccomp_load(filter);
	seccomp->seccomp_release(filter);
	return ret;
}

int callfilter_set(void)
{
	struct seccomp seccomp;
	void *library;
	int ret;

	if (!filters_are_there()) {
		log_warning("this kernel has no filters of system calls: uxmcd does without");
		return 0;
	}
	library = library_open(names, symbols, &seccomp);
	if (!library)
		return -errno;
	ret = set(&seccomp);
	dlclose(library);
	return ret;
}
