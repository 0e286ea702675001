// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "account.h"
#include "become.h"
#include "text.h"

#define GROUPS_MAX	32

#define MEND "make one, and name it as web_user in uxmcd.conf"

/* No program that is run gets any back; who is not root can not see to that. */
static void bound_capabilities(void)
{
	unsigned long capability;

	for (capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0;
	     capability++)
		prctl(PR_CAPBSET_DROP, capability);
}

/* With the groups of that user: control_group may be one of them. */
static int become_user(const char *name, const struct account *account)
{
	gid_t groups[GROUPS_MAX];
	size_t count = account_groups(name, groups, GROUPS_MAX);

	bound_capabilities();
	if (setgroups(count, groups) || setgid(account->group) ||
	    setuid(account->user))
		return -errno;
	return 0;
}

int become(const struct config *config, char *sentence, size_t size)
{
	const char *name = config->web_user;
	struct account account;
	int ret;

	if (geteuid())
		return 0;
	ret = account_find(name, &account);
	if (ret || !account.user) {
		text_format(sentence, size, ret ?
			    "there is no user %s for uxmcweb: " MEND :
			    "%s is root, which uxmcweb may not be: " MEND, name);
		return -ENOENT;
	}
	ret = become_user(name, &account);
	if (ret)
		text_format(sentence, size, "uxmcweb cannot become %s: %s", name,
			    strerror(-ret));
	return ret;
}
