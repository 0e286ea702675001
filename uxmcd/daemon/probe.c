// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "log.h"
#include "probe.h"
#include "text.h"
#include "useragent.h"

/*
 * The answer to a condition should say it all (RFC 9110, section 13.2.2), but there are
 * servers that answer with the whole image, changed or not.
 */
static bool take_headers(void *context, const struct fetchwire_headers *headers)
{
	struct probe *probe = context;

	if (headers->status == 304)
		return true;
	probe->changed = attempts_is_other(&probe->attempt, headers->etag,
					   headers->modified);
	verdict_note(&probe->fetcher.verdict, VERDICT_COMPLETE, 0, "complete");
	return false;
}

/* Somebody put a settings file there. */
static bool take_entry(void *context, const struct fetchwire_entry *entry)
{
	(void)context;
	(void)entry;
	return false;
}

static void hear(void *context)
{
	struct probe *probe = context;
	const struct verdict *verdict = &probe->fetcher.verdict;

	if (verdict->result == VERDICT_RUNNING)
		return;
	if (probe->changed)
		probe->found(probe->context, probe->attempt.target);
	else if (verdict->result != VERDICT_COMPLETE)
		log_info("whether the image has changed is not known: %s",
			 verdict->sentence);
}

static const struct fetcher_ops fetcher_ops = {
	.headers = take_headers,
	.entry = take_entry,
	.heard = hear,
};

static void make_request(const struct probe *probe, const char *url, size_t modules,
			 struct fetchwire_request *request)
{
	fetcher_make_request(&probe->fetcher, request, FETCHWIRE_SETTINGS);
	request->size_max = probe->config->image_size_max;
	text_copy(request->url, sizeof(request->url), url);
	useragent_make(probe->config, modules, request->user_agent,
		       sizeof(request->user_agent));
	text_copy(request->etag, sizeof(request->etag), probe->attempt.etag);
	text_copy(request->modified, sizeof(request->modified),
		  probe->attempt.modified);
}

void probe_start(struct probe *probe, const char *url,
		 const struct attempt *attempt, size_t modules)
{
	struct fetchwire_request request;
	char expanded[URL_MAX + 1];

	if (probe->fetcher.packet ||
	    (!*attempt->etag && !*attempt->modified) ||
	    url_expand(url, probe->config->phone_mac, expanded,
		       sizeof(expanded)))
		return;
	probe->attempt = *attempt;
	probe->changed = false;
	make_request(probe, expanded, modules, &request);
	fetcher_start(&probe->fetcher, &request);
}

void probe_open(struct probe *probe, const struct fetcher_needs *needs,
		void (*found)(void *context, uint64_t target), void *context)
{
	memset(probe, 0, sizeof(*probe));
	probe->config = needs->config;
	probe->found = found;
	probe->context = context;
	fetcher_open(&probe->fetcher, needs, &fetcher_ops, probe);
}

void probe_close(struct probe *probe)
{
	fetcher_stop(&probe->fetcher);
}
