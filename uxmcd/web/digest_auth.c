// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "digest_auth.h"
#include "md5.h"
#include "text.h"

/* Nonces that were used, each with the highest count; older ones are good no more. */
#define USED_MAX	32

#define TIME_SIZE	17	/* 16 digits */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char secret[33];
static struct used {
	uint64_t made;
	uint64_t count;
} used[USED_MAX];
static uint64_t oldest;

int digest_init(void)
{
	unsigned char bytes[16];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -EIO;
	for (i = 0; i < sizeof(bytes); i++)
		text_format(secret + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

/* Its time, and what only we can have made of that */
static void make_nonce(uint64_t made, char *nonce)
{
	char time[TIME_SIZE], sum[MD5_SIZE];
	const char * const parts[] = { secret, time };

	text_format(time, sizeof(time), "%016" PRIx64, made);
	md5_joined(parts, ARRAY_SIZE(parts), sum);
	text_format(nonce, DIGEST_NONCE_SIZE, "%s%s", time, sum);
}

/* In microseconds, so that no two are the same */
void digest_nonce(uint64_t now, char *nonce)
{
	static uint64_t last;
	uint64_t made = now * 1000;

	pthread_mutex_lock(&lock);
	if (made <= last)
		made = last + 1;
	last = made;
	pthread_mutex_unlock(&lock);
	make_nonce(made, nonce);
}

static bool read_hex(const char *text, size_t digits, uint64_t *number)
{
	size_t i;

	for (i = 0; i < digits; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	*number = strtoull(text, NULL, 16);
	return true;
}

/* When it was made; 0: not by us */
static uint64_t time_of(const char *nonce)
{
	char time[TIME_SIZE], right[DIGEST_NONCE_SIZE];
	uint64_t made;

	text_format(time, sizeof(time), "%s", nonce);
	if (strlen(time) != TIME_SIZE - 1 || !read_hex(time, TIME_SIZE - 1, &made))
		return 0;
	make_nonce(made, right);
	return text_is_secret(nonce, right) ? made : 0;
}

static bool is_token(const char *text)
{
	for (; *text; text++)
		if (!isgraph((unsigned char)*text) || *text == ':')
			return false;
	return true;
}

static bool is_for(const struct authorization_digest *digest, const char *uri)
{
	return !strcmp(digest->realm, REPLY_REALM) && !strcmp(digest->uri, uri) &&
	       !strcmp(digest->qop, "auth") &&
	       (!*digest->algorithm || !strcasecmp(digest->algorithm, "MD5")) &&
	       *digest->cnonce && is_token(digest->cnonce) &&
	       strlen(digest->response) == MD5_SIZE - 1 &&
	       is_token(digest->response) && strlen(digest->nc) == 8;
}

enum digest_verdict digest_check(const struct authorization_digest *digest,
				 const char *method, const char *uri, uint64_t now,
				 char *text)
{
	uint64_t made = time_of(digest->nonce), count = 0;
	const char * const what[] = { method, uri };
	char last[MD5_SIZE];

	if (!is_for(digest, uri) || !read_hex(digest->nc, 8, &count))
		return DIGEST_BAD;
	if (!made || made / 1000 + DIGEST_NONCE_MAX < now)
		return DIGEST_STALE;
	md5_joined(what, ARRAY_SIZE(what), last);
	text_format(text, DIGEST_TEXT_SIZE, "%s %s:%s:%s:%s:%s %s", digest->response,
		    digest->nonce, digest->nc, digest->cnonce, digest->qop, last,
		    digest->username);
	return DIGEST_GOOD;
}

/* Its place, or that of the one that was made first, which is good no more */
static struct used *find_place(uint64_t made)
{
	struct used *place, *first = used;

	for (place = used; place < used + USED_MAX; place++) {
		if (place->made == made)
			return place;
		if (place->made < first->made)
			first = place;
	}
	if (made <= oldest)
		return NULL;
	oldest = first->made > oldest ? first->made : oldest;
	*first = (struct used){ .made = made };
	return first;
}

bool digest_use(const struct authorization_digest *digest)
{
	struct used *place;
	uint64_t count = 0;
	bool is_new;

	read_hex(digest->nc, 8, &count);
	pthread_mutex_lock(&lock);
	place = find_place(time_of(digest->nonce));
	is_new = place && count > place->count;
	if (is_new)
		place->count = count;
	pthread_mutex_unlock(&lock);
	return is_new;
}
