/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of an update: pure, from what is known to a decision.
 */
#ifndef UXMC_RULES_H
#define UXMC_RULES_H

#include <stddef.h>

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
	RULES_URL_MAC,
	RULES_NAME_BAD,
	RULES_NAME_FORM,
	RULES_NAME_MODEL,
	RULES_PHONE_UNKNOWN,
	RULES_PHONE_BAD,
	RULES_PHONE_OLD,
};

/**
 * struct rules_facts - what a decision about a manual update is made from
 * @modules: how many modules are present
 * @model: of the module, "D7C"
 * @url: as asked for, {mac} not expanded; NULL if a file is to be flashed
 * @file: the file's name without directory, where there is no URL
 * @mac: of the phone, twelve digits; empty if not known
 * @phone_firmware: empty if not known
 */
struct rules_facts {
	size_t modules;
	const char *model;
	const char *url;
	const char *file;
	const char *mac;
	const char *phone_firmware;
};

/**
 * struct rules_decision - what the rules say
 * @code: allowed, or which rule refused it
 * @error: positive errno that goes with a refusal
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

/* An update that a person asks for, by URL or by file. */
void rules_manual(const struct rules_facts *facts,
		  struct rules_decision *decision);

#endif
