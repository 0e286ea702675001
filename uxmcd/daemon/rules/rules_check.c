// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules_check.h"
#include "sentence.h"
#include "version.h"

#define PHONE_FIRMWARE_MIN	"10.1.64.14"

bool rules_refuse(struct rules_decision *decision, enum rules_code code,
		  int error, const char *format, ...)
{
	va_list args;

	decision->code = code;
	decision->error = error;
	va_start(args, format);
	vsnprintf(decision->sentence, sizeof(decision->sentence), format, args);
	va_end(args);
	return false;
}

bool rules_check_count(size_t modules, struct rules_decision *decision)
{
	if (modules == 1)
		return true;
	if (!modules)
		return rules_refuse(decision, RULES_NO_MODULE, ENODEV,
				    "no expansion module is connected: connect exactly one");
	return rules_refuse(decision, RULES_MANY_MODULES, EBUSY,
			    "%zu expansion modules are connected: leave exactly one connected",
			    modules);
}

static bool check_scheme(const char *url, bool https_only,
			 struct rules_decision *decision)
{
	if (!https_only || url_is_secure(url))
		return true;
	return rules_refuse(decision, RULES_URL_HTTP, EPERM, SENTENCE_NO_HTTP);
}

bool rules_check_url(const char *url, bool https_only,
		     struct rules_decision *decision)
{
	if (!*url)
		return rules_refuse(decision, RULES_NO_URL, EINVAL,
				    "no URL: give the complete http:// or https:// URL of the image");

	switch (url_check(url)) {
	case 0:
		return check_scheme(url, https_only, decision);
	case -ENAMETOOLONG:
		return rules_refuse(decision, RULES_URL_LONG, ENAMETOOLONG,
				    "the URL is too long: give one of at most %d characters",
				    URL_MAX);
	case -EPROTONOSUPPORT:
		return rules_refuse(decision, RULES_URL_SCHEME, EPROTONOSUPPORT,
				    "not an http:// or https:// URL: give the complete URL of the image");
	}
	return rules_refuse(decision, RULES_URL_BAD, EINVAL,
			    "not a valid URL: give one with a host, and without blanks and control characters");
}

bool rules_check_mac(const char *url, const char *mac,
		     struct rules_decision *decision)
{
	switch (url_expand(url, mac, decision->url, sizeof(decision->url))) {
	case 0:
		return true;
	case -ENOKEY:
		return rules_refuse(decision, RULES_URL_MAC, ENOKEY,
				    "%s: set phone_mac in uxmcd.conf",
				    "{mac} in the URL, but the phone's MAC address is not known");
	}
	return rules_refuse(decision, RULES_URL_LONG, ENAMETOOLONG,
			    "the URL is too long with {mac} expanded: give one of at most %d characters",
			    URL_MAX);
}

bool rules_check_url_name(const char *model, struct rules_decision *decision)
{
	if (!url_name(decision->url, decision->name, sizeof(decision->name)))
		return true;
	return rules_refuse(decision, RULES_NAME_BAD, EINVAL,
			    "the URL does not end in a plain file name: give one that ends in snom%s-<version>-r.bin",
			    model);
}

bool rules_check_name(const char *model, struct rules_decision *decision)
{
	if (imagename_parse(decision->name, &decision->image))
		return rules_refuse(decision, RULES_NAME_FORM, EINVAL,
				    "the file is named %.64s: an image for this module is named snom%s-<version>-r.bin",
				    decision->name, model);
	if (strcmp(decision->image.model, model))
		return rules_refuse(decision, RULES_NAME_MODEL, EINVAL,
				    "the image is for a %s, but the module is a %s: give the URL of a %s image",
				    decision->image.model, model, model);
	return true;
}

bool rules_check_minimum(const char *minimum, struct rules_decision *decision)
{
	struct version least, image;

	if (!minimum || !*minimum)
		return true;
	if (!version_parse(minimum, &least) &&
	    !version_parse(decision->image.version, &image) &&
	    version_compare(&image, &least) >= 0)
		return true;
	return rules_refuse(decision, RULES_VERSION_OLD, EPERM,
			    "the image is version %s, and uxmcd.conf says minimum_version = %s: give a newer image",
			    decision->image.version, minimum);
}

/*
 * A module whose version is read from bcdDevice tells 1.61 where it runs 1.6.1, always
 * with two digits behind the point: images are not named so.
 */
static int parse_running(const char *runs, const struct version *image,
			 struct version *running)
{
	const char *point = strchr(runs, '.');
	uint32_t digits;

	if (version_parse(runs, running))
		return -EINVAL;
	if (running->count != 2 || image->count < 3 || strlen(point + 1) != 2)
		return 0;
	digits = running->part[1];
	running->part[1] = digits / 10;
	running->part[2] = digits % 10;
	running->count = 3;
	return 0;
}

bool rules_check_downgrade(const char *runs, struct rules_decision *decision)
{
	struct version running, image;

	if (!runs)
		return true;
	if (version_parse(decision->image.version, &image) ||
	    parse_running(runs, &image, &running))
		return rules_refuse(decision, RULES_DOWNGRADE, EPERM,
				    "the module does not tell which version it runs, and uxmcd.conf says allow_downgrade = no: change that to have it updated");
	if (version_compare(&image, &running) >= 0)
		return true;
	return rules_refuse(decision, RULES_DOWNGRADE, EPERM,
			    "the module runs %s, the image is version %s, and uxmcd.conf says allow_downgrade = no: give a newer image",
			    runs, decision->image.version);
}

bool rules_check_phone(const char *firmware, struct rules_decision *decision)
{
	struct version minimum, phone;

	if (!*firmware)
		return rules_refuse(decision, RULES_PHONE_UNKNOWN, ENOKEY,
				    "%s: %s (%s or later is needed)",
				    "the phone's firmware version is not known",
				    "set phone_firmware = <version> in uxmcd.conf",
				    PHONE_FIRMWARE_MIN);
	if (version_parse(firmware, &phone) ||
	    version_parse(PHONE_FIRMWARE_MIN, &minimum))
		return rules_refuse(decision, RULES_PHONE_BAD, EINVAL,
				    "%.64s is not a version number: correct phone_firmware in uxmcd.conf",
				    firmware);
	if (version_compare(&phone, &minimum) < 0)
		return rules_refuse(decision, RULES_PHONE_OLD, EPERM,
				    "the phone's firmware is %.64s: update the phone to %s or later first",
				    firmware, PHONE_FIRMWARE_MIN);
	return true;
}
