// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/random.h>

#include "access.h"
#include "md5.h"
#include "reply.h"
#include "text.h"

/* A session that was not used for so long has ended, ms. */
#define SESSION_MAX	(30 * 60000ULL)

static const char *user_of(const struct access *access)
{
	return settings_get(access->settings, SETTING_HTTP_USER);
}

static const char *pass_of(const struct access *access)
{
	return settings_get(access->settings, SETTING_HTTP_PASS);
}

void access_open(struct access *access, const struct settings *settings)
{
	memset(access, 0, sizeof(*access));
	access->settings = settings;
}

/* Whoever logged in did so with another password. */
static void follow_settings(struct access *access)
{
	if (!strcmp(access->user, user_of(access)) &&
	    !strcmp(access->pass, pass_of(access)))
		return;
	text_copy(access->user, sizeof(access->user), user_of(access));
	text_copy(access->pass, sizeof(access->pass), pass_of(access));
	memset(&access->lockout, 0, sizeof(access->lockout));
	memset(access->sessions, 0, sizeof(access->sessions));
}

bool access_has_password(const struct access *access)
{
	return *pass_of(access);
}

/* What there is to be compared with is there, and now is the time for it. */
static enum access_result begin(struct access *access, const char *from, uint64_t now)
{
	follow_settings(access);
	if (!access_has_password(access))
		return ACCESS_NO_PASSWORD;
	return access_wait(access, from, now) ? ACCESS_BLOCKED : ACCESS_GOOD;
}

static enum access_result conclude(struct access *access, const char *from, bool good,
				   uint64_t now)
{
	lockout_note(&access->lockout, from, good, now);
	return good ? ACCESS_GOOD : ACCESS_WRONG;
}

enum access_result access_password(struct access *access, const char *from,
				   const char *text, uint64_t now)
{
	enum access_result result = begin(access, from, now);
	char right[2 * SETTING_SECRET_MAX + 2];
	bool good;

	if (result != ACCESS_GOOD)
		return result;
	text_format(right, sizeof(right), "%s:%s", access->user, access->pass);
	good = text_is_secret(text, right);
	explicit_bzero(right, sizeof(right));
	return conclude(access, from, good, now);
}

static void digest_of(const struct access *access, const char *middle, char *hex)
{
	const char * const secret[] = { access->user, REPLY_REALM, access->pass };
	char first[MD5_SIZE];
	const char * const whole[] = { first, middle };

	md5_joined(secret, ARRAY_SIZE(secret), first);
	md5_joined(whole, ARRAY_SIZE(whole), hex);
	explicit_bzero(first, sizeof(first));
}

enum access_result access_digest(struct access *access, const char *from,
				 const struct access_digest *digest, uint64_t now)
{
	enum access_result result = begin(access, from, now);
	char right[MD5_SIZE];
	bool good;

	if (result != ACCESS_GOOD)
		return result;
	digest_of(access, digest->middle, right);
	good = text_is_secret(digest->response, right);
	good &= text_is_secret(digest->user, access->user);
	return conclude(access, from, good, now);
}

uint64_t access_wait(const struct access *access, const char *from, uint64_t now)
{
	return lockout_wait(&access->lockout, from, now);
}

static bool is_alive(const struct access_session *session, uint64_t now)
{
	return *session->name && session->used + SESSION_MAX > now;
}

/* A free place, or the one of who was away for longest */
static struct access_session *find_place(struct access *access, uint64_t now)
{
	struct access_session *session = access->sessions, *oldest = session;

	for (; session < access->sessions + ACCESS_SESSIONS; session++) {
		if (!is_alive(session, now))
			return session;
		if (session->used < oldest->used)
			oldest = session;
	}
	return oldest;
}

const char *access_begin(struct access *access, uint64_t now)
{
	struct access_session *session = find_place(access, now);
	uint8_t bytes[ACCESS_SESSION_SIZE / 2];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) != sizeof(bytes))
		return NULL;
	for (i = 0; i < sizeof(bytes); i++)
		text_format(session->name + 2 * i, 3, "%02x", bytes[i]);
	session->used = now;
	return session->name;
}

static struct access_session *find(struct access *access, const char *name,
				   uint64_t now)
{
	struct access_session *session = access->sessions, *found = NULL;

	follow_settings(access);
	for (; session < access->sessions + ACCESS_SESSIONS; session++)
		if (is_alive(session, now) && text_is_secret(name, session->name))
			found = session;
	return found;
}

bool access_use(struct access *access, const char *session, uint64_t now)
{
	struct access_session *found = find(access, session, now);

	if (found)
		found->used = now;
	return found;
}

void access_end(struct access *access, const char *session)
{
	struct access_session *found = find(access, session, 0);

	if (found)
		*found->name = '\0';
}
