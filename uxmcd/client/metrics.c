// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "logline.h"
#include "metrics.h"
#include "talk.h"
#include "text.h"

/* How long uxmcd may take for what is due at once, s */
#define PATIENCE	2

static int take_count(void *context, struct ctl_answer *answer)
{
	struct metrics *metrics = context;
	struct metrics_count *count = &metrics->counts[metrics->count];
	const char *fields[2];

	if (metrics->count == METRICS_COUNTS_MAX ||
	    reply_fields(answer->text, fields, ARRAY_SIZE(fields)) ||
	    text_copy(count->name, sizeof(count->name), fields[0]) ||
	    text_number(fields[1], UINT64_MAX, &count->number))
		return 0;
	metrics->count++;
	return 0;
}

/* The last one that comes is the newest. */
static int take_update(void *context, struct ctl_answer *answer)
{
	struct metrics *metrics = context;
	struct logline line;

	if (logline_parse(answer->text, &line))
		return 0;
	metrics->has_last = true;
	metrics->when = line.when;
	metrics->seconds = line.seconds;
	metrics->done = !strcmp(line.result, "done");
	return 0;
}

static void ask(int socket, struct metrics *metrics, const char *verb,
		int (*take)(void *context, struct ctl_answer *answer))
{
	struct ctl_question question = {
		.verb = verb,
		.argument = "",
		.take = take,
		.context = metrics,
	};
	struct ctl_answer answer;

	talk_question(socket, &question, &answer);
}

void metrics_read(struct metrics *metrics, const char *control)
{
	int fd;

	memset(metrics, 0, sizeof(*metrics));
	view_look(&metrics->view, control);
	fd = talk_open(control, PATIENCE);
	if (fd < 0)
		return;
	ask(fd, metrics, "counts", take_count);
	ask(fd, metrics, "log", take_update);
	close(fd);
}

void metrics_clear(struct metrics *metrics)
{
	view_clear(&metrics->view);
}

/* Where it goes, and in which form */
struct writing {
	FILE *out;
	enum metrics_format format;
	const struct metrics *metrics;
};

#define TOTAL	"_total"

/* In OpenMetrics a counter is called without the end that its samples have. */
static void describe(const struct writing *writing, const char *name,
		     const char *type, const char *help)
{
	size_t length = strlen(name), end = strlen(TOTAL);

	if (writing->format == METRICS_OPEN && length > end &&
	    !strcmp(name + length - end, TOTAL))
		length -= end;
	fprintf(writing->out, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)length, name,
		help, (int)length, name, type);
}

static void put(const struct writing *writing, const char *name, const char *help,
		uint64_t value)
{
	describe(writing, name, "gauge", help);
	fprintf(writing->out, "%s %" PRIu64 "\n", name, value);
}

/* Prometheus' text format: backslashes, quotes and ends of lines are escaped. */
static void put_label(const struct writing *writing, const char *before,
		      const char *value)
{
	fputs(before, writing->out);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', writing->out);
		fputc(*value, writing->out);
	}
	fputc('"', writing->out);
}

static void put_module_info(const struct writing *writing, const struct module *module)
{
	char name[VIEW_NAME_SIZE];

	view_name(module, name);
	put_label(writing, "uxmc_module_info{module=\"", name);
	put_label(writing, ",model=\"", module->model);
	put_label(writing, ",port=\"", module->port);
	put_label(writing, ",serial_number=\"", module->serial);
	put_label(writing, ",version=\"", module->version);
	put_label(writing, ",mode=\"", module_mode_name(module->mode));
	fputs("} 1\n", writing->out);
}

/* One for each state that there is, of which one is 1 */
static void put_module_states(const struct writing *writing, const struct module *module)
{
	enum uxmc_state state;

	for (state = UXMC_STATE_IDLE; state <= UXMC_STATE_FAILED; state++)
		fprintf(writing->out,
			"uxmc_module_update_state{module=\"uxmc%u\",state=\"%s\"} %d\n",
			module->id, module_state_name(state), state == module->state);
}

static void put_module_done(const struct writing *writing, const struct module *module)
{
	fprintf(writing->out, "uxmc_module_done_bytes{module=\"uxmc%u\"} %" PRIu64 "\n",
		module->id, module->done);
}

static void put_module_total(const struct writing *writing, const struct module *module)
{
	fprintf(writing->out, "uxmc_module_total_bytes{module=\"uxmc%u\"} %" PRIu64 "\n",
		module->id, module->total);
}

/* A family that has samples for each module */
static const struct {
	const char *name;
	const char *help;
	void (*put)(const struct writing *writing, const struct module *module);
} of_modules[] = {
	{ "uxmc_module_info", "An expansion module that is connected.", put_module_info },
	{ "uxmc_module_update_state", "What the update of a module is at: 1 for that state.",
	  put_module_states },
	{ "uxmc_module_done_bytes", "Bytes done in that state.", put_module_done },
	{ "uxmc_module_total_bytes", "Bytes in all, 0 if not known.", put_module_total },
};

static void put_modules(const struct writing *writing)
{
	const struct modules *modules = &writing->metrics->view.modules;
	size_t i, j;

	for (i = 0; modules->count && i < ARRAY_SIZE(of_modules); i++) {
		describe(writing, of_modules[i].name, "gauge", of_modules[i].help);
		for (j = 0; j < modules->count; j++)
			of_modules[i].put(writing, &modules->list[j]);
	}
}

/* Those of uxmcd: a family, what tells its samples apart, and uxmcd's name for each */
static const struct counter {
	const char *family;
	const char *type;
	const char *help;
	const char *name;
	const char *label;
} counters[] = {
	{ "uxmc_updates_total", "counter", "Updates that ended.", "updates_done",
	  "{result=\"done\"}" },
	{ "uxmc_updates_total", NULL, NULL, "updates_failed", "{result=\"failed\"}" },
	{ "uxmc_updates_total", NULL, NULL, "updates_cancelled",
	  "{result=\"cancelled\"}" },
	{ "uxmc_update_duration_seconds_total", "counter",
	  "What updates took that went well.", "update_seconds", "" },
	{ "uxmc_update_size_bytes_total", "counter", "Of the images of these.",
	  "update_bytes", "" },
	{ "uxmc_lookups_total", "counter", "Lookups of what is provisioned.", "lookups",
	  "{result=\"done\"}" },
	{ "uxmc_lookups_total", NULL, NULL, "lookup_failures", "{result=\"failed\"}" },
	{ "uxmc_lookup_age_seconds", "gauge",
	  "Since the last lookup ended; 0 if there was none.", "looked", "" },
};

static const struct metrics_count *find_count(const struct metrics *metrics,
					      const char *name)
{
	size_t i;

	for (i = 0; i < metrics->count; i++)
		if (!strcmp(metrics->counts[i].name, name))
			return &metrics->counts[i];
	return NULL;
}

static void put_counters(const struct writing *writing)
{
	const struct counter *counter = counters;
	const struct metrics_count *count;

	for (; counter < counters + ARRAY_SIZE(counters); counter++) {
		count = find_count(writing->metrics, counter->name);
		if (!count)
			continue;
		if (counter->type)
			describe(writing, counter->family, counter->type,
				 counter->help);
		fprintf(writing->out, "%s%s %" PRIu64 "\n", counter->family,
			counter->label, count->number);
	}
}

static void put_last_update(const struct writing *writing)
{
	const struct metrics *metrics = writing->metrics;

	if (!metrics->has_last)
		return;
	put(writing, "uxmc_last_update_success", "Did the last update go well?",
	    metrics->done);
	put(writing, "uxmc_last_update_timestamp_seconds",
	    "When it ended, 0 if the clock was not set.", metrics->when);
	put(writing, "uxmc_last_update_duration_seconds", "How long it took.",
	    metrics->seconds);
}

void metrics_write(FILE *out, const struct metrics *metrics, enum metrics_format format)
{
	const struct writing writing = {
		.out = out, .format = format, .metrics = metrics,
	};
	const struct view *view = &metrics->view;

	describe(&writing, "uxmc_build_info", "gauge", "The version of these programs.");
	fprintf(out, "uxmc_build_info{version=\"%s\"} 1\n", UXMC_VERSION);
	put(&writing, "uxmc_driver_loaded", "Is the driver loaded?", view->loaded);
	put(&writing, "uxmc_uxmcd_up", "Does uxmcd answer?", view->daemon && !view->silent);
	put(&writing, "uxmc_modules", "Expansion modules that are connected.",
	    view->modules.count);
	put_modules(&writing);
	put(&writing, "uxmc_update_waiting", "Does an update wait to be confirmed?",
	    !!view->waiting);
	put_counters(&writing);
	put_last_update(&writing);
	if (format == METRICS_OPEN)
		fputs("# EOF\n", out);
}
