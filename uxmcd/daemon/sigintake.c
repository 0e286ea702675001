// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/param.h>

#include "minisig.h"
#include "sigintake.h"
#include "text.h"

static bool take_headers(void *context, const struct fetchwire_headers *headers)
{
	(void)context;
	(void)headers;
	return true;
}

static void add(struct sigintake *sigintake, const char *data, size_t count)
{
	memcpy(sigintake->text + sigintake->size, data, count);
	sigintake->size += count;
}

/* That it is not too much fetchwire_take() has seen to; it is not relied on. */
static bool take_data(void *context, const char *data, size_t count)
{
	struct sigintake *sigintake = context;

	if (count > sizeof(sigintake->text) - sigintake->size)
		return false;
	add(sigintake, data, count);
	return true;
}

/* The verdict as seen by whoever wants the image. */
static void conclude(struct sigintake *sigintake)
{
	const struct verdict *verdict = &sigintake->fetcher.verdict;

	if (verdict->result == VERDICT_COMPLETE)
		verdict_note(&sigintake->verdict, VERDICT_COMPLETE, 0, "complete");
	else if (verdict->result != VERDICT_RUNNING)
		verdict_note(&sigintake->verdict, verdict->result, verdict->error,
			     "no signature: %.140s (image_keys in uxmcd.conf asks for one beside the image, NAME.bin"
			     MINISIG_SUFFIX ")", verdict->sentence);
}

static void hear(void *context)
{
	struct sigintake *sigintake = context;

	conclude(sigintake);
	if (sigintake->verdict.result != VERDICT_RUNNING)
		sigintake->heard(sigintake->context);
}

static const struct fetcher_ops fetcher_ops = {
	.headers = take_headers,
	.data = take_data,
	.heard = hear,
};

void sigintake_fetch(struct sigintake *sigintake, const char *url,
		     const char *user_agent)
{
	struct fetchwire_request request;

	verdict_open(&sigintake->verdict, url);
	sigintake->size = 0;
	fetcher_make_request(&sigintake->fetcher, &request, FETCHWIRE_SIGNATURE);
	text_copy(request.user_agent, sizeof(request.user_agent), user_agent);
	if (url_add_suffix(url, MINISIG_SUFFIX, request.url, sizeof(request.url))) {
		verdict_note(&sigintake->verdict, VERDICT_FAILED, ENAMETOOLONG,
			     "no signature: the URL is too long with "
			     MINISIG_SUFFIX " in it");
		return;
	}
	fetcher_start(&sigintake->fetcher, &request);
	conclude(sigintake);
}

void sigintake_expect(struct sigintake *sigintake, size_t size)
{
	sigintake->owed = size;
	sigintake->size = 0;
}

size_t sigintake_take(struct sigintake *sigintake, const char *data, size_t count)
{
	count = MIN(count, sigintake->owed);
	add(sigintake, data, count);
	sigintake->owed -= count;
	return count;
}

void sigintake_stop(struct sigintake *sigintake)
{
	fetcher_stop(&sigintake->fetcher);
	sigintake->owed = 0;
	sigintake->size = 0;
}

void sigintake_open(struct sigintake *sigintake,
		    const struct fetcher_needs *needs,
		    void (*heard)(void *context), void *context)
{
	memset(sigintake, 0, sizeof(*sigintake));
	sigintake->heard = heard;
	sigintake->context = context;
	fetcher_open(&sigintake->fetcher, needs, &fetcher_ops, sigintake);
}
