/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules of an update say.
 */
#ifndef UXMC_DECISION_H
#define UXMC_DECISION_H

#include "imagename.h"
#include "url.h"

#define RULES_SENTENCE_MAX	255

enum rules_code {
	RULES_ALLOWED,
	RULES_NO_MODULE,
	RULES_MANY_MODULES,
	RULES_NO_URL,
	RULES_URL_LONG,
	RULES_URL_SCHEME,
	RULES_URL_BAD,
	RULES_URL_HTTP,	/* it has to be https */
	RULES_URL_MAC,
	RULES_NAME_BAD,
	RULES_NAME_FORM,
	RULES_NAME_MODEL,
	RULES_PHONE_UNKNOWN,
	RULES_PHONE_BAD,
	RULES_PHONE_OLD,
	RULES_VERSION_OLD,	/* the image is older than minimum_version */
	RULES_DOWNGRADE,	/* than what the module runs */
	/* of provisioned updates */
	RULES_POLICY,	/* update_policy is never_update or settings_only */
	RULES_NOTHING,	/* nothing is provisioned */
	RULES_ROLLOUT,	/* it is for other phones, so far */
	RULES_MATCH,	/* firmware_uxm is the provisioned URL already */
	RULES_KEPT,	/* the user has set firmware_uxm, and that stays */
	RULES_BUSY,	/* an update is under way */
	RULES_TOO_SOON,	/* that URL failed, and is not tried again yet */
	RULES_WORN,	/* the module was flashed from there often enough */
	RULES_DAY,	/* it was flashed often enough today */
	RULES_ASK,	/* allowed, but a person is to be asked first */
	RULES_DENIED,	/* the person has refused it */
	RULES_COUNT
};

/**
 * struct rules_decision - what the rules say
 * @code: allowed, or which rule refused it
 * @error: positive errno that goes with a refusal; 0 for RULES_ASK
 * @sentence: says what is wrong and what to do about it; empty if allowed
 * @url: expanded; empty for a file
 * @name: the image's file name
 * @image: model and version in that name
 */
struct rules_decision {
	enum rules_code code;
	int error;
	char sentence[RULES_SENTENCE_MAX + 1];
	char url[URL_MAX + 1];
	char name[IMAGENAME_MAX + 1];
	struct imagename image;
};

/* A short name of the code, for scripts: "many-modules". */
const char *rules_code_name(enum rules_code code);

#endif
