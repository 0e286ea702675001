// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "random.h"
#include "schedule.h"
#include "source.h"
#include "text.h"
#include "useragent.h"

static void report(struct source *source, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void report(struct source *source, int error, const char *format, ...)
{
	va_list args;

	source->error = error;
	va_start(args, format);
	vsnprintf(source->report, sizeof(source->report), format, args);
	va_end(args);
}

static void forget(struct source *source)
{
	provision_clear(&source->provision);
	source->known = false;
	document_forget(&source->document);
}

void source_open(struct source *source, const struct source_needs *needs,
		 enum setting_id setting, enum setting_origin origin,
		 void (*heard)(void *context), void *context)
{
	memset(source, 0, sizeof(*source));
	source->needs = *needs;
	source->setting = setting;
	source->origin = origin;
	document_open(&source->document, needs->loop, needs->config, heard,
		      context);
}

void source_close(struct source *source)
{
	document_stop(&source->document);
	provision_clear(&source->provision);
}

static const char *url_of(const struct source *source)
{
	return settings_get(&source->needs.store->settings, source->setting);
}

bool source_is_set(const struct source *source)
{
	return *url_of(source);
}

/* After a failure the server is left alone for longer and longer. */
static void note_failure(struct source *source)
{
	source->failures++;
	source->pause = schedule_retry(source->failures,
				       settings_interval(&source->needs.store->settings),
				       source->document.fetcher.retry_after * 1000,
				       random_bits());
	log_warning("%s: %s; it is looked at again in %llu s",
		    setting_name(source->setting), source->report,
		    (unsigned long long)source->pause / 1000);
}

static int expand(struct source *source, char *url, size_t size)
{
	int ret;

	ret = url_expand(url_of(source), source->needs.config->phone_mac, url,
			 size);
	if (ret == -ENOKEY)
		report(source, ENOKEY,
		       "{mac} in the URL, but the phone's MAC address is not known: set phone_mac in uxmcd.conf");
	else if (ret)
		report(source, -ret, "the URL is too long with {mac} expanded");
	return ret;
}

/* What a file says that takes precedence, this one does not change. */
static void leave_out_later(struct provision *provision,
			    const struct source *later)
{
	enum setting_id id;

	for (id = 0; later->known && id < SETTINGS_COUNT; id++)
		if (later->provision.list[id])
			provision->list[id] = NULL;
}

/* A file that says what it said before is applied again as well. */
static int apply(struct source *source)
{
	struct provision provision = source->provision;
	struct store *store = source->needs.store;
	int ret;

	if (source->later)
		leave_out_later(&provision, source->later);
	ret = settings_provision(&store->settings, store->dir, &provision,
				 source->origin);
	if (ret)
		report(source, -ret, "the settings in it cannot be stored: %s",
		       strerror(-ret));
	return ret;
}

/* With the later file gone, what the earlier one says holds again. */
static void forget_file(struct source *source)
{
	bool known = source->known;

	forget(source);
	if (known && source->earlier && source->earlier->known)
		apply(source->earlier);
}

/* -errno if it has failed */
static int check_verdict(struct source *source)
{
	const struct verdict *verdict = document_verdict(&source->document);

	if (verdict->result == VERDICT_RUNNING ||
	    verdict->result == VERDICT_COMPLETE)
		return 0;
	report(source, verdict->error, "%s", verdict->sentence);
	return -verdict->error;
}

static int start(struct source *source)
{
	char user_agent[USERAGENT_MAX + 1] = "";
	char url[URL_MAX + 1];
	int ret = expand(source, url, sizeof(url));

	if (ret)
		return ret;
	if (strcmp(url, source->document.url))
		forget_file(source);
	useragent_make(source->needs.config, source->needs.modules->count,
		       user_agent, sizeof(user_agent));
	document_start(&source->document, url, user_agent);
	return check_verdict(source);
}

bool source_begin(struct source *source)
{
	source->idle = false;
	source->changed = false;
	source->looked = loop_now();
	source->document.fetcher.retry_after = 0;
	if (!source_is_set(source)) {
		forget_file(source);
		source->failures = 0;
		source_pass(source, "not set");
		return false;
	}
	if (!start(source))
		return true;
	note_failure(source);
	return false;
}

/* Permissions matter to users alone: nothing has to be looked at for them. */
static void take_changed(struct source *source)
{
	struct provision *provision = &source->document.provision;

	source->changed = !source->known ||
			  !provision_is_same(provision, &source->provision);
	provision_move(&source->provision, provision);
	source->known = true;
	document_accept(&source->document);
}

static void report_good(struct source *source)
{
	const struct provision_entry *image =
		source->provision.list[SETTING_FIRMWARE_UXM];

	report(source, 0, "%s%s%s",
	       source->document.unchanged ? "not changed" : "read",
	       image ? ", firmware_uxm is " : ", no firmware_uxm in it",
	       image ? image->value : "");
}

static int take_document(struct source *source)
{
	int ret = check_verdict(source);

	if (ret)
		return ret;
	if (!source->document.unchanged)
		take_changed(source);
	ret = apply(source);
	if (!ret)
		report_good(source);
	return ret;
}

bool source_is_fetched(const struct source *source)
{
	return document_verdict(&source->document)->result != VERDICT_RUNNING;
}

void source_take(struct source *source)
{
	if (take_document(source))
		note_failure(source);
	else
		source->failures = 0;
}

void source_pass(struct source *source, const char *why)
{
	source->idle = true;
	source->changed = false;
	report(source, 0, "%s", why);
}

uint64_t source_due(const struct source *source, uint64_t interval)
{
	if (source->failures)
		return source->looked + source->pause;
	return interval ? source->looked + interval : SOURCE_NEVER;
}
