/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that manual and provisioned updates share. Each fills in the decision:
 * what it has found out or, if it gives false, the refusal.
 */
#ifndef UXMC_RULES_CHECK_H
#define UXMC_RULES_CHECK_H

#include <stdbool.h>

#include "decision.h"

/* Gives false. */
bool rules_refuse(struct rules_decision *decision, enum rules_code code,
		  int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Exactly one module. */
bool rules_check_count(size_t modules, struct rules_decision *decision);

/* A complete URL, of https if that alone is good. */
bool rules_check_url(const char *url, bool https_only,
		     struct rules_decision *decision);

/* {mac} in it can be expanded: fills in the URL. */
bool rules_check_mac(const char *url, const char *mac,
		     struct rules_decision *decision);

/* The URL's last part: fills in the name, but does not look at it. */
bool rules_check_url_name(const char *model, struct rules_decision *decision);

/* The name is that of an image for the model: fills in the image. */
bool rules_check_name(const char *model, struct rules_decision *decision);

/* The image is not older than that; NULL or empty: than anything. */
bool rules_check_minimum(const char *minimum, struct rules_decision *decision);

/*
 * Nor than what the module runs; empty if that is not known. One that runs nothing, in
 * DFU mode (NULL), has to be rescued by whichever image there is.
 */
bool rules_check_downgrade(const char *runs, struct rules_decision *decision);

/* The version of the phone's firmware. */
bool rules_check_phone(const char *firmware, struct rules_decision *decision);

#endif
