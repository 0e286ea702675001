// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "rules.h"
#include "rules_check.h"
#include "text.h"

static bool take_url_name(const struct rules_facts *facts,
			  struct rules_decision *decision)
{
	return rules_check_url(facts->url, facts->https_only, decision) &&
	       rules_check_mac(facts->url, facts->mac, decision) &&
	       rules_check_url_name(facts->model, decision);
}

static bool take_file_name(const struct rules_facts *facts,
			   struct rules_decision *decision)
{
	if (!strchr(facts->file, '/') && text_is_clean(facts->file) &&
	    !text_copy(decision->name, sizeof(decision->name), facts->file))
		return true;
	return rules_refuse(decision, RULES_NAME_BAD, EINVAL,
			    "not a plain file name: name the file snom%s-<version>-r.bin",
			    facts->model);
}

static bool allowed(const struct rules_facts *facts,
		    struct rules_decision *decision)
{
	return rules_check_count(facts->modules, decision) &&
	       (facts->url ? take_url_name(facts, decision) :
			     take_file_name(facts, decision)) &&
	       rules_check_name(facts->model, decision) &&
	       rules_check_minimum(facts->minimum_version, decision) &&
	       (!facts->no_downgrade ||
		rules_check_downgrade(facts->runs, decision)) &&
	       rules_check_phone(facts->phone_firmware, decision);
}

void rules_manual(const struct rules_facts *facts,
		  struct rules_decision *decision)
{
	memset(decision, 0, sizeof(*decision));
	if (allowed(facts, decision))
		decision->code = RULES_ALLOWED;
}
