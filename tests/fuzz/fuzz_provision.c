// SPDX-License-Identifier: GPL-2.0-or-later
/* A settings file of any server. tests/fuzz/run builds it. */
#include <stdint.h>
#include <stdlib.h>

#include "fileurl.h"
#include "fuzzer.h"
#include "provision_parse.h"
#include "text.h"
#include "url.h"

static void check_entry(enum setting_id id, const struct provision_entry *entry)
{
	char normal[URL_MAX + 1], pin[PIN_SIZE];

	if (!entry)
		return;
	if (!*entry->value || !text_is_clean(entry->value) || entry->line < 1)
		abort();
	if (*entry->sha256 && (id != SETTING_FIRMWARE_UXM ||
			       pin_parse(entry->sha256, pin)))
		abort();
	if (entry->rollout.limited && (id != SETTING_FIRMWARE_UXM ||
				       entry->rollout.percent > ROLLOUT_ALL))
		abort();
	if (id != SETTING_FIRMWARE_UXM &&
	    setting_check(id, entry->value, normal))
		abort();
}

static void check_lines(const struct provision_line *line, size_t max, bool urls)
{
	if (provision_count(line) > max)
		abort();
	for (; line; line = line->next) {
		if (!*line->text || !text_is_clean(line->text) || line->line < 1)
			abort();
		if (urls && url_check(line->text))
			abort();
	}
}

static void check(struct provision *provision)
{
	int id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		check_entry((enum setting_id)id, provision->list[id]);
	if (provision->spoiled && provision->list[SETTING_FIRMWARE_UXM])
		abort();
	if (provision_count(provision->files) > PROVISION_FILES_MAX)
		abort();
	if (fileurl_complete(provision, "http://user:word@h/d/s.xml?q"))
		abort();
	check_lines(provision->files, PROVISION_FILES_MAX, true);
	check_lines(provision->dropped, PROVISION_DROPPED_MAX, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provision provision = { 0 };
	char error[256] = "";

	/* Every second one may be of no interest. */
	if (provision_parse((const char *)data, size, size & 1, &provision,
			    error, sizeof(error))) {
		if (!*error || !text_is_clean(error))
			abort();
		return 0;
	}
	check(&provision);
	provision_clear(&provision);
	return 0;
}
