// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "version.h"

#define PHONE_FIRMWARE_MIN	"10.1.64.14"

static const char * const code_names[] = {
	[RULES_ALLOWED]		= "allowed",
	[RULES_NO_MODULE]	= "no-module",
	[RULES_MANY_MODULES]	= "many-modules",
	[RULES_NO_URL]		= "no-url",
	[RULES_URL_LONG]	= "url-long",
	[RULES_URL_SCHEME]	= "url-scheme",
	[RULES_URL_BAD]		= "url-bad",
	[RULES_URL_MAC]		= "url-mac",
	[RULES_NAME_BAD]	= "name-bad",
	[RULES_NAME_FORM]	= "name-form",
	[RULES_NAME_MODEL]	= "name-model",
	[RULES_PHONE_UNKNOWN]	= "phone-unknown",
	[RULES_PHONE_BAD]	= "phone-bad",
	[RULES_PHONE_OLD]	= "phone-old",
};

const char *rules_code_name(enum rules_code code)
{
	return code_names[code];
}

static bool refuse(struct rules_decision *decision, enum rules_code code,
		   int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static bool refuse(struct rules_decision *decision, enum rules_code code,
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

static bool check_count(const struct rules_facts *facts,
			struct rules_decision *decision)
{
	if (facts->modules == 1)
		return true;
	if (!facts->modules)
		return refuse(decision, RULES_NO_MODULE, ENODEV,
			      "no expansion module is connected: connect exactly one");
	return refuse(decision, RULES_MANY_MODULES, EBUSY,
		      "%zu expansion modules are connected: leave exactly one connected",
		      facts->modules);
}

static bool check_url(const char *url, struct rules_decision *decision)
{
	if (!*url)
		return refuse(decision, RULES_NO_URL, EINVAL,
			      "no URL: give the complete http:// or https:// URL of the image");

	switch (url_check(url)) {
	case 0:
		return true;
	case -ENAMETOOLONG:
		return refuse(decision, RULES_URL_LONG, ENAMETOOLONG,
			      "the URL is too long: give one of at most %d characters",
			      URL_MAX);
	case -EPROTONOSUPPORT:
		return refuse(decision, RULES_URL_SCHEME, EPROTONOSUPPORT,
			      "not an http:// or https:// URL: give the complete URL of the image");
	}
	return refuse(decision, RULES_URL_BAD, EINVAL,
		      "not a valid URL: %s",
		      "give one with a host, and without blanks and control characters");
}

static bool expand_url(const struct rules_facts *facts,
		       struct rules_decision *decision)
{
	switch (url_expand(facts->url, facts->mac, decision->url,
			   sizeof(decision->url))) {
	case 0:
		return true;
	case -ENOKEY:
		return refuse(decision, RULES_URL_MAC, ENOKEY,
			      "%s: set phone_mac in uxmcd.conf",
			      "{mac} in the URL, but the phone's MAC address is not known");
	}
	return refuse(decision, RULES_URL_LONG, ENAMETOOLONG,
		      "the URL is too long with {mac} expanded: give one of at most %d characters",
		      URL_MAX);
}

static bool take_url_name(const struct rules_facts *facts,
			  struct rules_decision *decision)
{
	if (!check_url(facts->url, decision) || !expand_url(facts, decision))
		return false;
	if (!url_name(decision->url, decision->name, sizeof(decision->name)))
		return true;
	return refuse(decision, RULES_NAME_BAD, EINVAL,
		      "the URL does not end in a plain file name: give one that ends in snom%s-<version>-r.bin",
		      facts->model);
}

static bool take_file_name(const struct rules_facts *facts,
			   struct rules_decision *decision)
{
	if (!strchr(facts->file, '/') && text_is_clean(facts->file) &&
	    !text_copy(decision->name, sizeof(decision->name), facts->file))
		return true;
	return refuse(decision, RULES_NAME_BAD, EINVAL,
		      "not a plain file name: name the file snom%s-<version>-r.bin",
		      facts->model);
}

static bool check_name(const struct rules_facts *facts,
		       struct rules_decision *decision)
{
	if (imagename_parse(decision->name, &decision->image))
		return refuse(decision, RULES_NAME_FORM, EINVAL,
			      "the file is named %.64s: an image for this module is named snom%s-<version>-r.bin",
			      decision->name, facts->model);
	if (strcmp(decision->image.model, facts->model))
		return refuse(decision, RULES_NAME_MODEL, EINVAL,
			      "the image is for a %s, but the module is a %s: give the URL of a %s image",
			      decision->image.model, facts->model,
			      facts->model);
	return true;
}

static bool check_phone(const char *firmware, struct rules_decision *decision)
{
	struct version minimum, phone;

	if (!*firmware)
		return refuse(decision, RULES_PHONE_UNKNOWN, ENOKEY,
			      "%s: %s (%s or later is needed)",
			      "the phone's firmware version is not known",
			      "set phone_firmware = <version> in uxmcd.conf",
			      PHONE_FIRMWARE_MIN);
	if (version_parse(firmware, &phone) ||
	    version_parse(PHONE_FIRMWARE_MIN, &minimum))
		return refuse(decision, RULES_PHONE_BAD, EINVAL,
			      "%.64s is not a version number: correct phone_firmware in uxmcd.conf",
			      firmware);
	if (version_compare(&phone, &minimum) < 0)
		return refuse(decision, RULES_PHONE_OLD, EPERM,
			      "the phone's firmware is %.64s: update the phone to %s or later first",
			      firmware, PHONE_FIRMWARE_MIN);
	return true;
}

static bool allowed(const struct rules_facts *facts,
		    struct rules_decision *decision)
{
	return check_count(facts, decision) &&
	       (facts->url ? take_url_name(facts, decision) :
			     take_file_name(facts, decision)) &&
	       check_name(facts, decision) &&
	       check_phone(facts->phone_firmware, decision);
}

void rules_manual(const struct rules_facts *facts,
		  struct rules_decision *decision)
{
	memset(decision, 0, sizeof(*decision));
	if (allowed(facts, decision))
		decision->code = RULES_ALLOWED;
}
