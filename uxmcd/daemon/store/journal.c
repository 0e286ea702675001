// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "file.h"
#include "journal.h"
#include "keyfile.h"
#include "record.h"
#include "text.h"

static const char * const step_names[] = {
	[JOURNAL_COPY]		= "copy",
	[JOURNAL_FETCH]		= "fetch",
	[JOURNAL_FLASH]		= "flash",
	[JOURNAL_DONE]		= "done",
	[JOURNAL_FAILED]	= "failed",
};

const char *journal_step_name(enum journal_step step)
{
	return step_names[step];
}

struct attempts_target journal_target(const struct journal *journal)
{
	return (struct attempts_target){
		journal->url, journal->port, journal->serial,
	};
}

static const char * const kinds[] = { "url", "file" };

static const struct record_field fields[] = {
	RECORD_NAMED(journal, step, "step", step_names),
	RECORD_NAMED(journal, file, "kind", kinds),
	RECORD_FIELD(journal, url, RECORD_TEXT),
	RECORD_FIELD(journal, name, RECORD_TEXT),
	RECORD_FIELD(journal, expect, RECORD_TEXT),
	RECORD_FIELD(journal, from, RECORD_TEXT),
	RECORD_FIELD(journal, port, RECORD_TEXT),
	RECORD_FIELD(journal, serial, RECORD_TEXT),
	RECORD_FIELD(journal, etag, RECORD_TEXT),
	RECORD_FIELD(journal, modified, RECORD_TEXT),
	RECORD_FIELD(journal, boot, RECORD_TEXT),
	RECORD_FIELD(journal, size, RECORD_NUMBER),
	RECORD_FIELD(journal, announced, RECORD_NUMBER),
	RECORD_FIELD(journal, resumed, RECORD_NUMBER),
	RECORD_FIELD(journal, provisioned, RECORD_NUMBER),
	RECORD_FIELD(journal, sha256, RECORD_TEXT),
	RECORD_FIELD(journal, trust, RECORD_TEXT),
	RECORD_FIELD(journal, signer, RECORD_TEXT),
};

static const struct record_type type = RECORD_TYPE(fields);

/* A pin that was damaged must not become none: is_pin() finds it. */
static bool take(void *context, const char *key, const char *value)
{
	struct journal *journal = context;

	if (record_take(&type, journal, key, value))
		return true;
	if (!strcmp(key, "sha256"))
		strcpy(journal->sha256, "?");
	return false;
}

static bool is_pin(const char *sha256)
{
	char pin[PIN_SIZE];

	return !*sha256 || !pin_parse(sha256, pin);
}

/* What an update cannot do without, and what becomes a file name. */
static bool is_sound(const void *context)
{
	const struct journal *journal = context;
	struct imagename image;

	return journal->step < ARRAY_SIZE(step_names) && *journal->port &&
	       (journal->file ? *journal->url : !url_check(journal->url)) &&
	       !imagename_parse(journal->name, &image) &&
	       is_pin(journal->sha256) &&
	       !strcmp(image.version, journal->expect);
}

static void put(FILE *out, const void *journal)
{
	record_put(out, &type, journal, "", NULL);
}

static const struct keyfile keyfile = {
	.name = "journal",
	.first = "uxmcd-journal 1",
	.max = 16384,
	.take = take,
	.is_sound = is_sound,
	.put = put,
};

int journal_write(const struct journal *journal, int dir)
{
	return keyfile_store(&keyfile, dir, journal);
}

int journal_load(struct journal *journal, int dir)
{
	/* No step: the file has to say it. */
	struct journal loaded = { .step = ARRAY_SIZE(step_names) };
	int ret = keyfile_load(&keyfile, dir, &loaded, NULL);

	if (!ret)
		*journal = loaded;
	return ret;
}

int journal_clear(int dir)
{
	return file_remove(dir, keyfile.name);
}
