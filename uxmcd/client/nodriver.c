// SPDX-License-Identifier: GPL-2.0-or-later
#include "nodriver.h"
#include "text.h"

#define ENROLL	"mokutil --import /var/lib/dkms/mok.pub"
#define NOT_SIGNED \
	"the driver is not signed, and the kernel takes signed modules only: " \
	"install it with DKMS, which signs it, then " ENROLL ", and restart"
#define KEY_UNKNOWN \
	"the kernel does not trust the key that the driver is signed with: " \
	ENROLL ", if it is that of DKMS, and restart"

static const struct {
	const char *word;
	enum reply reply;
} causes[] = {
	[CTL_DRIVER_NOT_LOADED] = { "not-loaded", REPLY_NO_DRIVER },
	[CTL_DRIVER_NOT_LISTED] = { "not-listed", REPLY_NO_DRIVER },
	[CTL_DRIVER_NOT_BUILT] = { "not-built", REPLY_NOT_BUILT },
	[CTL_DRIVER_NOT_SIGNED] = { "not-signed", REPLY_NOT_TRUSTED },
	[CTL_DRIVER_KEY_UNKNOWN] = { "key-unknown", REPLY_NOT_TRUSTED },
};

enum ctl_driver_cause ctl_driver_cause(const struct ctl_driver *driver)
{
	if (driver->file == CTL_DRIVER_ABSENT)
		return CTL_DRIVER_NOT_BUILT;
	if (driver->enforced && driver->signature == CTL_DRIVER_UNSIGNED)
		return CTL_DRIVER_NOT_SIGNED;
	if (driver->enforced && driver->signature == CTL_DRIVER_DISTRUSTED)
		return CTL_DRIVER_KEY_UNKNOWN;
	if (driver->file == CTL_DRIVER_UNLISTED)
		return CTL_DRIVER_NOT_LISTED;
	return CTL_DRIVER_NOT_LOADED;
}

const char *ctl_driver_word(enum ctl_driver_cause cause)
{
	return causes[cause].word;
}

enum reply ctl_driver_reply(enum ctl_driver_cause cause)
{
	return causes[cause].reply;
}

/* It may be that the kernel will not have it, and nobody can see that. */
static bool may_be_rejected(const struct ctl_driver *driver)
{
	return driver->enforced && driver->signature != CTL_DRIVER_TRUSTED;
}

static void say_not_built(const struct ctl_driver *driver, char *to)
{
	const size_t size = CTL_DRIVER_SENTENCE_MAX;
	const char *kernel = driver->kernel;

	if (!driver->dkms)
		text_format(to, size,
			    "the driver is not installed for the kernel that runs, %s: install it, then modprobe uxmc",
			    kernel);
	else if (!driver->headers)
		text_format(to, size,
			    "the driver is not built for the kernel that runs, %s: install its headers (linux-headers-%s), then dkms autoinstall",
			    kernel, kernel);
	else
		text_format(to, size,
			    "the driver is not built for the kernel that runs, %s: dkms autoinstall says why; dkms status shows the kernels that it is built for",
			    kernel);
}

void ctl_driver_sentence(const struct ctl_driver *driver, char *to)
{
	const size_t size = CTL_DRIVER_SENTENCE_MAX;

	switch (ctl_driver_cause(driver)) {
	case CTL_DRIVER_NOT_BUILT:
		say_not_built(driver, to);
		break;
	case CTL_DRIVER_NOT_SIGNED:
		text_format(to, size, NOT_SIGNED);
		break;
	case CTL_DRIVER_KEY_UNKNOWN:
		text_format(to, size, KEY_UNKNOWN);
		break;
	case CTL_DRIVER_NOT_LISTED:
		text_format(to, size,
			    "the driver is not loaded: depmod, then modprobe uxmc");
		break;
	case CTL_DRIVER_NOT_LOADED:
		text_format(to, size, "the driver is not loaded: modprobe uxmc%s",
			    may_be_rejected(driver) ?
			    "; if the key is rejected, " ENROLL ", and restart" :
			    "");
		break;
	}
}
