// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "logline.h"
#include "reply_parse.h"
#include "text.h"

/* The last second of the year 9999. */
#define WHEN_MAX	253402300799
#define SECONDS_MAX	UINT32_MAX

#define FORMAT		"%-19s %8s %-9s %-20s %-18s %-13s %s"

enum field {
	WHEN, SECONDS, RESULT, ORIGIN, PORT, SERIAL, MODEL, FROM, TO, URL,
	MESSAGE, TRUST, FIELDS
};

int logline_parse(char *text, struct logline *line)
{
	const char *fields[FIELDS];

	if (reply_fields(text, fields, FIELDS) ||
	    text_number(fields[WHEN], WHEN_MAX, &line->when) ||
	    text_number(fields[SECONDS], SECONDS_MAX, &line->seconds))
		return -EBADMSG;
	line->result = fields[RESULT];
	line->origin = fields[ORIGIN];
	line->port = fields[PORT];
	line->serial = fields[SERIAL];
	line->model = fields[MODEL];
	line->from = fields[FROM];
	line->to = fields[TO];
	line->url = fields[URL];
	line->message = fields[MESSAGE];
	line->trust = fields[TRUST];
	return 0;
}

static void format_when(uint64_t when, char *to, size_t size)
{
	time_t seconds = (time_t)when;
	struct tm local;

	if (!when || !localtime_r(&seconds, &local) ||
	    !strftime(to, size, "%Y-%m-%d %H:%M:%S", &local))
		text_format(to, size, "-");
}

/* 1:15, 1:02:03 */
static void format_duration(uint64_t seconds, char *to, size_t size)
{
	uint64_t hours = seconds / 3600, minutes = seconds / 60 % 60;

	if (hours)
		text_format(to, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64,
			    hours, minutes, seconds % 60);
	else
		text_format(to, size, "%" PRIu64 ":%02" PRIu64, minutes,
			    seconds % 60);
}

void logline_format(const struct logline *line, char *to, size_t size)
{
	char when[32], duration[32], module[256], versions[128];

	format_when(line->when, when, sizeof(when));
	format_duration(line->seconds, duration, sizeof(duration));
	text_format(module, sizeof(module), "%s%s%s", text_or_dash(line->model),
		    *line->serial ? "/" : "", line->serial);
	text_format(versions, sizeof(versions), "%s -> %s",
		    text_or_dash(line->from), text_or_dash(line->to));
	text_format(to, size, FORMAT, when, duration, text_or_dash(line->result),
		    module, versions, text_or_dash(line->trust),
		    text_or_dash(line->url));
}

void logline_head(char *to, size_t size)
{
	text_format(to, size, FORMAT, "WHEN", "TOOK", "RESULT", "MODULE",
		    "VERSION", "TRUST", "URL");
}
