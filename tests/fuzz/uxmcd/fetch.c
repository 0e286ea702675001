// SPDX-License-Identifier: GPL-2.0-or-later
/* What each uxmc-fetch says, which lies if the input says so; and servers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fetches.h"
#include "text.h"
#include "world.h"

#define PAUSE	30U		/* seconds */
#define SIZE	5000U
#define IMAGES	0x80U		/* the first of those that look like nothing */

/* What is provisioned: two bits for each of the first three */
static const char * const values[] = {
	"", "http://h/snomD7C-1.6.1-r.bin", "http://h/snomD7C-1.7.1-r.bin", "rubbish",
};

static const char * const policies[] = {
	"", "auto_update", "ask_for_update", "settings_only",
};

/* And how: in one file, in one that it names, in both, or in one beside one that is gone */
enum shape { ALONE, NAMED, BOTH, GONE };

static const char * const permissions[] = { "", "R", "!", "V" };
static const uint32_t statuses[] = { 200, 206, 304, 416 };
static unsigned int provisioned;
static unsigned char image;	/* what it is made of; each has a tag of its own */

/* Of the first image; and of something else. In half of all files there is no pin. */
#define RIGHT_PIN	"df8619edef92056dcd7c1231e0b6117c01eb4be8baaa650e652f6eb911649b71"
#define WRONG_PIN	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
static const char * const pins[] = { "", RIGHT_PIN, WRONG_PIN, "" };

/* A file without the wrong pin was fetched. */
static bool unpinned;

/* By the key of fuzz_uxmcd.c, of the first image; and of the trusted comments with it */
#define SIGNATURE \
	"untrusted comment: x\n" \
	"RUQX66UbpT9QHTWBkVZ5bnycNoZBdIhVEpkHLY6On3S2UJrKVWnrIzx+1jrXkz0" \
	"dh8FiyoWwwrgDcwhhGqvqu7Iz853/wSqgmgI=\n" \
	"trusted comment: file:"
#define GLOBAL_161 \
	"3SnCIYSxU/bjv8C4GHmCQFbBlk2eWbBUHcOhhvp6k+Qs8VjZUuUo+x+qlpvGdII" \
	"D7sFf7GY8/QT2eDn48KJ/Cw==\n"
#define GLOBAL_171 \
	"oMuLKUpUgNI+O+tk9/SdV1kirYonkxCainBHjmo/3tsjpW/zl6TA9lXo21cktkq" \
	"c1965o9wFU7iVUZdfWUqRDQ==\n"

static const struct {
	const char *name;
	const char *text;
} signatures[] = {
	{ "snomD7C-1.6.1-r.bin", SIGNATURE "snomD7C-1.6.1-r.bin\n" GLOBAL_161 },
	{ "snomD7C-1.7.1-r.bin", SIGNATURE "snomD7C-1.7.1-r.bin\n" GLOBAL_171 },
};

/* Of an image of a name that there is none for, that of another one */
static const char *signature_of(const struct fetch *fetch)
{
	size_t i = ARRAY_SIZE(signatures);

	while (--i && !strstr(fetch->request.url, signatures[i].name))
		;
	return signatures[i].text;
}

static void say_headers(struct fetch *fetch, uint32_t status)
{
	struct fetchwire_headers headers = {
		.kind = FETCHWIRE_HEADERS,
		.status = status,
		.has_length = 1,
		.length = SIZE,
	};

	snprintf(headers.etag, sizeof(headers.etag), "\"%u\"", image);
	if (fetch_is_signature(fetch))
		headers.length = strlen(signature_of(fetch));
	if (status == 206) {
		headers.has_range = 1;
		headers.first = fetch->request.offset;
		headers.last = SIZE - 1;
		headers.total = SIZE;
		headers.length = SIZE - fetch->request.offset;
	}
	fetch_say(fetch, &headers, sizeof(headers));
}

static void say_data(struct fetch *fetch, size_t count)
{
	static struct fetchwire_data data = { .kind = FETCHWIRE_DATA };

	memset(data.bytes, image, count);
	fetch_say(fetch, &data, offsetof(struct fetchwire_data, bytes) + count);
}

static void say_signature(struct fetch *fetch)
{
	const char *signature = signature_of(fetch);
	struct fetchwire_data data = { .kind = FETCHWIRE_DATA };

	memcpy(data.bytes, signature, strlen(signature));
	fetch_say(fetch, &data, offsetof(struct fetchwire_data, bytes) +
		  strlen(signature));
}

/* In the end the image is what it is said to be. */
static const char *pin(void)
{
	const char *now = pins[provisioned / 64];

	if (world_ended() && !strcmp(now, WRONG_PIN))
		now = RIGHT_PIN;
	unpinned |= strcmp(now, WRONG_PIN);
	return now;
}

static void say_entry(struct fetch *fetch, const char *name, const char *value)
{
	if (*value)
		fetch_say_entry(fetch, name, permissions[provisioned / 16 % 4], value,
				!strcmp(name, "firmware_uxm") ? pin() : "");
}

static void say_file(struct fetch *fetch, const char *url)
{
	struct fetchwire_file file = { .kind = FETCHWIRE_FILE, .line = 1 };

	strcpy(file.url, url);
	fetch_say(fetch, &file, sizeof(file));
}

static void say_dropped(struct fetch *fetch, bool spoils)
{
	struct fetchwire_dropped dropped = {
		.kind = FETCHWIRE_DROPPED,
		.line = 1,
		.spoils = spoils,
		.sentence = "it does not count",
	};

	fetch_say(fetch, &dropped, sizeof(dropped));
}

static void say_error(struct fetch *fetch, enum verdict_result result, uint32_t error)
{
	const struct fetchwire_end last = {
		.kind = FETCHWIRE_END,
		.result = result,
		.error = error,
		.sentence = "it ended",
	};

	fetch_say_last(fetch, &last);
}

/* All files are on one server, which wants to be left alone for a while. */
static void say_overloaded(struct fetch *fetch)
{
	const struct fetchwire_end last = {
		.kind = FETCHWIRE_END,
		.result = VERDICT_BROKEN,
		.error = EREMOTEIO,
		.retry_after = PAUSE,
		.overloaded = 1,
		.sentence = "it is overloaded",
	};

	fetch_say_last(fetch, &last);
}

static void say_end(struct fetch *fetch, enum verdict_result result)
{
	say_error(fetch, result, result == VERDICT_COMPLETE ? 0 : EIO);
}

static enum shape shape(void)
{
	return (enum shape)(provisioned / 64 % 4);
}

static void say_settings(struct fetch *fetch)
{
	bool listed = fetch->request.listed;

	if (listed || shape() != NAMED) {
		say_entry(fetch, "firmware_uxm", values[provisioned % 4]);
		say_entry(fetch, "update_policy", policies[provisioned / 4 % 4]);
	}
	if (listed || shape() == ALONE)
		return;
	/* One that leads to itself, and one twice */
	say_file(fetch, fetch->request.url);
	say_file(fetch, "http://h/a.xml");
	say_file(fetch, "http://h/a.xml");
	say_dropped(fetch, false);
}

static void say_body(struct fetch *fetch)
{
	if (fetch_is_signature(fetch))
		say_signature(fetch);
	else if (fetch_is_image(fetch))
		say_data(fetch, SIZE - fetch->request.offset);
	else
		say_settings(fetch);
}

static bool is_gone(const struct fetch *fetch)
{
	return fetch->request.listed && shape() == GONE;
}

/* The next thing that an honest one says. */
static void go_on(struct fetch *fetch)
{
	if (fetch->said == 1 && is_gone(fetch)) {
		say_error(fetch, VERDICT_FAILED, ENOENT);
		return;
	}
	switch (fetch->said++) {
	case 0:
		fetch_say_asked(fetch);
		break;
	case 1:
		say_headers(fetch, fetch->request.offset ? 206 : 200);
		break;
	case 2:
		say_body(fetch);
		break;
	default:
		say_end(fetch, VERDICT_COMPLETE);
	}
}

/* A server has something else now. */
static void provision(unsigned int what)
{
	if (what != provisioned)
		driver_give_reasons(1);
	provisioned = what;
}

/* Every other one is bad. */
bool world_takes(unsigned int flashed)
{
	return flashed % 2 == IMAGES % 2;
}

void fetch_mend(void)
{
	if (world_wants_signatures() || *pins[provisioned / 64])
		image = IMAGES;
	if (shape() == GONE)
		provisioned %= 64;
}

void fetch_reset(void)
{
	fetch_close_all();
	provisioned = 0;
	image = IMAGES;
	unpinned = false;
}

static bool is_signed(const char *file)
{
	char path[512];
	size_t i;

	snprintf(path, sizeof(path), "firmware/%s", file);
	for (i = 0; i < ARRAY_SIZE(signatures); i++)
		if (!strcmp(file, signatures[i].name))
			return disk_is_made_of(path, IMAGES, SIZE);
	return false;
}

void fetch_check_trust(const char *file)
{
	if (!unpinned && !driver_was_asked())
		world_wrong("flashed in spite of its pin: %s", file);
	if (world_wants_signatures() && !is_signed(file))
		world_wrong("flashed without a signature: %s", file);
}

/* What is volatile is not kept over a restart, and updated again then. */
bool fetch_is_volatile(void)
{
	return !strcmp(permissions[provisioned / 16 % 4], "V");
}

/* What a settings file may say, but those of honest ones do not */
static void lie(struct fetch *fetch, uint8_t what)
{
	static const char * const servers[] = { "http://h/s.xml", "http://h/d/" };
	static const char * const files[] = {
		"http://h/a.xml", "http://h/b.xml", "http://h/{mac}.xml", "rubbish",
	};

	switch (what % 4) {
	case 0:
		say_entry(fetch, "setting_server", servers[what / 4 % 2]);
		break;
	case 1:
		say_file(fetch, files[what / 4 % 4]);
		break;
	case 2:
		say_dropped(fetch, what / 4 % 2);
		break;
	default:
		if (what / 4 % 2)
			say_overloaded(fetch);
		else
			say_error(fetch, VERDICT_FAILED, ENOENT);
	}
}

void fetch_act(uint8_t what)
{
	struct fetch *fetch = &fetches[what / 16 % FETCHES];

	if (what == 255) {
		image = IMAGES + world_byte() % 64;
		return;
	}
	if (what % 16 == 15) {
		provision(world_byte());
		return;
	}
	if (!fetch_hear(fetch))
		return;
	switch (what % 16) {
	case 0: case 1: case 2: case 3: case 4: case 5:
		go_on(fetch);
		break;
	case 6:
		say_headers(fetch, statuses[world_byte() % 4]);
		break;
	case 7:
		say_data(fetch, 1 + world_byte());
		break;
	case 8:
		say_end(fetch, VERDICT_BROKEN);
		break;
	case 9:
		say_end(fetch, VERDICT_FAILED);
		break;
	case 10:
		fetch_say(fetch, "garbage", 7);
		break;
	case 11:
		fetch_end(fetch);
		break;
	case 12:
		fetch_say_asked(fetch);
		break;
	case 13:
		say_end(fetch, VERDICT_COMPLETE);
		break;
	default:
		lie(fetch, world_byte());
	}
}

bool fetch_work(void)
{
	size_t i;

	for (i = 0; i < FETCHES; i++)
		if (fetch_hear(&fetches[i])) {
			go_on(&fetches[i]);
			return true;
		}
	return false;
}
