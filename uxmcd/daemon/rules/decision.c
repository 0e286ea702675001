// SPDX-License-Identifier: GPL-2.0-or-later
#include "decision.h"

static const char * const code_names[RULES_COUNT] = {
	[RULES_ALLOWED]		= "allowed",
	[RULES_NO_MODULE]	= "no-module",
	[RULES_MANY_MODULES]	= "many-modules",
	[RULES_NO_URL]		= "no-url",
	[RULES_URL_LONG]	= "url-long",
	[RULES_URL_SCHEME]	= "url-scheme",
	[RULES_URL_BAD]		= "url-bad",
	[RULES_URL_HTTP]	= "url-http",
	[RULES_URL_MAC]		= "url-mac",
	[RULES_NAME_BAD]	= "name-bad",
	[RULES_NAME_FORM]	= "name-form",
	[RULES_NAME_MODEL]	= "name-model",
	[RULES_PHONE_UNKNOWN]	= "phone-unknown",
	[RULES_PHONE_BAD]	= "phone-bad",
	[RULES_PHONE_OLD]	= "phone-old",
	[RULES_VERSION_OLD]	= "version-old",
	[RULES_DOWNGRADE]	= "downgrade",
	[RULES_POLICY]		= "policy",
	[RULES_NOTHING]		= "nothing",
	[RULES_ROLLOUT]		= "rollout",
	[RULES_MATCH]		= "match",
	[RULES_KEPT]		= "kept",
	[RULES_BUSY]		= "busy",
	[RULES_TOO_SOON]	= "too-soon",
	[RULES_WORN]		= "worn",
	[RULES_DAY]		= "day",
	[RULES_ASK]		= "ask",
	[RULES_DENIED]		= "denied",
};

const char *rules_code_name(enum rules_code code)
{
	return code_names[code];
}
