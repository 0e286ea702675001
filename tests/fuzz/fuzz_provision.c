// SPDX-License-Identifier: GPL-2.0-or-later
/* A settings file of any server. tests/fuzz/run builds it. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzzer.h"
#include "provision_parse.h"
#include "text.h"

static void check_entry(enum setting_id id, const struct provision_entry *entry)
{
	char normal[URL_MAX + 1];

	if (!entry)
		return;
	if (!*entry->value || !text_is_clean(entry->value) || entry->line < 1)
		abort();
	if (id != SETTING_FIRMWARE_UXM &&
	    setting_check(id, entry->value, normal))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provision provision = { 0 };
	char error[256] = "";
	int id;

	if (provision_parse("f.xml", (const char *)data, size, &provision,
			    error, sizeof(error))) {
		if (!*error || !text_is_clean(error))
			abort();
		return 0;
	}
	for (id = 0; id < SETTINGS_COUNT; id++)
		check_entry((enum setting_id)id, provision.list[id]);
	provision_clear(&provision);
	return 0;
}
