// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "fetches.h"
#include "server.h"
#include "text.h"
#include "world.h"

#define DOCUMENT_SIZE	600U
#define PIECES		10U
#define PAUSE		3600U	/* seconds that it asks for, if busy */
#define INTERVAL	"60"	/* minutes */
#define BASE		"http://pbx"

/* The bytes that images are made of: they look like no text. */
#define GOOD		0x80U
#define BAD		0x81U

enum mood {
	WELL,
	DOWN,		/* no connection */
	BROKEN,		/* 500 */
	BUSY,		/* 503, with Retry-After */
	SLOW,
	LYING,		/* pages, halves and images that modules do not take */
	WAVERING,	/* another URL, and another image there, at each request */
	HOSTILE,	/* a URL of its own for each request, many of them in vain */
};

/* What it is like until that hour, and what it wants modules to run */
static const struct phase {
	unsigned int until;
	enum mood mood;
	const char *version;
} phases[] = {
	{ 24, WELL, "1.6.1" },
	{ 30, DOWN, "1.6.1" },
	{ 36, BROKEN, "1.6.1" },
	{ 42, BUSY, "1.6.1" },
	{ 48, SLOW, "1.6.2" },
	{ 72, LYING, "1.7.1" },
	{ 98, WELL, "1.7.1" },
	{ HOSTILE_FROM, WAVERING, "1.7.2" },
	{ HOSTILE_FROM + 1, HOSTILE, "1.7.3" },
	{ UINT32_MAX, WELL, RIGHT_VERSION },
};

/* What it has decided to say to one that asks */
enum what {
	SAYS_NOTHING,	/* there is no connection */
	SAYS_ERROR,
	SAYS_BUSY,
	SAYS_MISSING,
	SAYS_PAGE,
	SAYS_HALF,
	SAYS_IMAGE,
	SAYS_SETTINGS,
	SAYS_UNCHANGED,
};

/**
 * struct answer - to the uxmc-fetch of the same place
 * @image: the byte that it is made of; and its tag
 * @version: of the settings, which they name
 * @pause: between two things that are said, in milliseconds
 * @left: bytes of the body
 */
static struct answer {
	enum what what;
	unsigned int image;
	unsigned int tag;
	char version[16];
	uint64_t pause;
	unsigned int left;
} answers[FETCHES];

static struct tally *tally;
static uint64_t chance;
static unsigned int asked;	/* by this phone */

void server_count(struct tally *where)
{
	tally = where;
}

void server_meet(uint64_t seed)
{
	chance = seed;
	asked = 0;
}

/* splitmix64: the same numbers everywhere. */
uint64_t server_draw(void)
{
	uint64_t value = chance += 0x9e3779b97f4a7c15;

	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

static const struct phase *phase_now(void)
{
	const struct phase *phase = phases;

	while (clock_wall() >= phase->until * HOUR)
		phase++;
	return phase;
}

static void count(const struct fetch *fetch)
{
	uint64_t second = MIN(clock_wall() / 1000, SECONDS - 1);

	__atomic_add_fetch(&tally->requests[second], 1, __ATOMIC_RELAXED);
	if (fetch_is_image(fetch))
		__atomic_add_fetch(&tally->images, 1, __ATOMIC_RELAXED);
}

static void count_bytes(uint64_t bytes)
{
	__atomic_add_fetch(&tally->bytes, bytes, __ATOMIC_RELAXED);
}

/* What it does to one that asks for an image; one that nobody takes most of all. */
static void decide_image(const struct phase *phase, struct answer *answer)
{
	static const enum what lies[] = {
		SAYS_PAGE, SAYS_HALF, SAYS_MISSING, SAYS_IMAGE, SAYS_IMAGE,
		SAYS_IMAGE,
	};

	answer->what = SAYS_IMAGE;
	answer->image = GOOD;
	if (phase->mood == LYING) {
		answer->what = lies[server_draw() % ARRAY_SIZE(lies)];
		answer->image = BAD;
	}
	if (phase->mood == LYING || phase->mood == WAVERING)
		answer->tag = (unsigned int)server_draw() % 1000 + 1;
	if (phase->mood == HOSTILE && server_draw() % 4)
		answer->what = SAYS_MISSING;
	answer->pause = 4000;
	if (phase->mood == SLOW)
		answer->pause = 36000;
}

static void decide_settings(const struct phase *phase, struct answer *answer)
{
	answer->what = SAYS_SETTINGS;
	text_copy(answer->version, sizeof(answer->version), phase->version);
	if (phase->mood == WAVERING && asked % 2)
		strcpy(answer->version, "1.6.2");
	if (phase->mood == LYING && !(server_draw() % 8))
		answer->what = SAYS_PAGE;
	if (phase->mood == SLOW)
		answer->pause = 5000;
}

/* The version that the settings name is their validator, where it is kept to. */
static bool is_known(const struct fetch *fetch, const struct answer *answer)
{
	char tag[32];

	snprintf(tag, sizeof(tag), "\"%s\"", answer->version);
	return !strcmp(fetch->request.etag, tag);
}

static void decide(const struct fetch *fetch, struct answer *answer)
{
	const struct phase *phase = phase_now();

	*answer = (struct answer){ .pause = 20 };
	if (strstr(fetch->request.url, ".bin"))
		decide_image(phase, answer);
	else
		decide_settings(phase, answer);
	if (answer->what == SAYS_SETTINGS && phase->mood != HOSTILE &&
	    is_known(fetch, answer))
		answer->what = SAYS_UNCHANGED;
	if (phase->mood == DOWN)
		answer->what = SAYS_NOTHING;
	if (phase->mood == BROKEN)
		answer->what = SAYS_ERROR;
	if (phase->mood == BUSY)
		answer->what = SAYS_BUSY;
}

static void say_end(struct fetch *fetch, enum verdict_result result, uint32_t error,
		    uint32_t retry_after)
{
	const struct fetchwire_end last = {
		.kind = FETCHWIRE_END,
		.result = result,
		.error = error,
		.retry_after = retry_after,
		.overloaded = !!retry_after,
		.sentence = "it ended",
	};

	fetch_say_last(fetch, &last);
}

static void say_tag(const struct fetch *fetch, const struct answer *answer,
		    struct fetchwire_headers *headers)
{
	if (*answer->version)
		snprintf(headers->etag, sizeof(headers->etag), "\"%s\"",
			 answer->version);
	else
		snprintf(headers->etag, sizeof(headers->etag), "\"%u-%u\"",
			 answer->image, answer->tag);
	/* One that looks whether the image has changed */
	if (!fetch_is_image(fetch) && !*answer->version &&
	    !strcmp(headers->etag, fetch->request.etag))
		headers->status = 304;
}

/* It is continued if it is the same still. */
static void say_rest(const struct fetch *fetch, struct answer *answer,
		     struct fetchwire_headers *headers)
{
	const struct fetchwire_request *request = &fetch->request;

	if (!request->offset || strcmp(headers->etag, request->etag))
		return;
	headers->status = 206;
	headers->has_range = 1;
	headers->first = request->offset;
	headers->last = IMAGE_SIZE - 1;
	headers->total = IMAGE_SIZE;
	answer->left = IMAGE_SIZE - (unsigned int)request->offset;
	headers->length = answer->left;
}

static void say_headers(struct fetch *fetch, struct answer *answer)
{
	struct fetchwire_headers headers = {
		.kind = FETCHWIRE_HEADERS,
		.status = answer->what == SAYS_UNCHANGED ? 304 : 200,
		.has_length = 1,
	};

	answer->left = fetch_is_image(fetch) ? IMAGE_SIZE : 0;
	headers.length = fetch_is_image(fetch) ? IMAGE_SIZE : DOCUMENT_SIZE;
	say_tag(fetch, answer, &headers);
	if (fetch_is_image(fetch))
		say_rest(fetch, answer, &headers);
	count_bytes(DOCUMENT_SIZE);
	fetch_say_asked(fetch);
	fetch_say(fetch, &headers, sizeof(headers));
}

/* What is not said with headers */
static bool say_refusal(struct fetch *fetch, const struct answer *answer)
{
	switch (answer->what) {
	case SAYS_NOTHING:
		say_end(fetch, VERDICT_BROKEN, ECONNREFUSED, 0);
		return true;
	case SAYS_ERROR:
		say_end(fetch, VERDICT_BROKEN, EREMOTEIO, 0);
		return true;
	case SAYS_BUSY:
		say_end(fetch, VERDICT_BROKEN, EREMOTEIO, PAUSE);
		return true;
	case SAYS_MISSING:
		say_end(fetch, VERDICT_FAILED, ENOENT, 0);
		return true;
	default:
		return false;
	}
}

static void say_settings(struct fetch *fetch, const struct answer *answer)
{
	bool hostile = phase_now()->mood == HOSTILE;
	char url[128];

	snprintf(url, sizeof(url), BASE "/%u/snomD7C-%s-r.bin",
		 hostile ? asked : 0, answer->version);
	fetch_say_entry(fetch, "firmware_uxm", "", url, "");
	fetch_say_entry(fetch, "firmware_interval", "", hostile ? "1" : INTERVAL, "");
}

static void say_piece(struct fetch *fetch, struct answer *answer)
{
	static struct fetchwire_data data = { .kind = FETCHWIRE_DATA };
	unsigned int size = MIN(answer->left, IMAGE_SIZE / PIECES);

	memset(data.bytes, (int)answer->image, size);
	if (answer->what == SAYS_PAGE)
		memcpy(data.bytes, "<!DOCTYPE html><html>", 21);
	answer->left -= size;
	count_bytes((uint64_t)size * SCALE);
	fetch_say(fetch, &data, offsetof(struct fetchwire_data, bytes) + size);
}

static bool has_more(const struct answer *answer)
{
	return answer->left &&
	       (answer->what != SAYS_HALF || answer->left > IMAGE_SIZE / 2);
}

static void finish(struct fetch *fetch, const struct answer *answer)
{
	bool whole = answer->what != SAYS_HALF &&
		     (fetch_is_image(fetch) || *answer->version);

	if (!fetch_is_image(fetch) && answer->what == SAYS_PAGE)
		whole = false;
	else if (answer->what == SAYS_SETTINGS)
		say_settings(fetch, answer);
	if (whole)
		say_end(fetch, VERDICT_COMPLETE, 0, 0);
	else if (answer->what == SAYS_HALF)
		say_end(fetch, VERDICT_BROKEN, ECONNRESET, 0);
	else
		say_end(fetch, VERDICT_FAILED, EBADMSG, 0);
}

static void go_on(struct fetch *fetch, struct answer *answer)
{
	fetch->due = clock_now() + answer->pause;
	if (!fetch->said++) {
		if (!say_refusal(fetch, answer))
			say_headers(fetch, answer);
	} else if (has_more(answer)) {
		say_piece(fetch, answer);
	} else {
		finish(fetch, answer);
	}
}

static void accept(struct fetch *fetch, struct answer *answer)
{
	count(fetch);
	asked++;
	decide(fetch, answer);
	fetch->due = clock_now() + answer->pause;
}

/* The first that has something to say; NULL: none has. */
static struct fetch *find_first(void)
{
	struct fetch *fetch, *first = NULL;

	for (fetch = fetches; fetch < fetches + FETCHES; fetch++) {
		if (!fetch_hear(fetch))
			continue;
		if (!fetch->due)
			accept(fetch, &answers[fetch - fetches]);
		if (!first || fetch->due < first->due)
			first = fetch;
	}
	return first;
}

uint64_t server_due(void)
{
	const struct fetch *first = find_first();

	return first ? first->due : UINT64_MAX;
}

void server_act(void)
{
	struct fetch *first = find_first();

	if (first)
		go_on(first, &answers[first - fetches]);
}
