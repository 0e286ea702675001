// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetches.h"
#include "fetchproc.h"
#include "text.h"
#include "world.h"

struct fetch fetches[FETCHES];

bool fetch_runs(const struct fetch *fetch)
{
	return fetch->peer > 0;
}

void fetch_end(struct fetch *fetch)
{
	if (fetch_runs(fetch))
		close(fetch->peer);
	memset(fetch, 0, sizeof(*fetch));
}

void fetch_close_all(void)
{
	size_t i;

	for (i = 0; i < FETCHES; i++)
		fetch_end(&fetches[i]);
}

bool fetch_hear(struct fetch *fetch)
{
	ssize_t size;

	if (!fetch_runs(fetch))
		return false;
	size = recv(fetch->peer, &fetch->request, sizeof(fetch->request), MSG_DONTWAIT);
	if (!size) {
		fetch_end(fetch);
		return false;
	}
	if (size > 0) {
		if (fetchwire_check_request(&fetch->request, (size_t)size))
			world_wrong("a request that is none");
		fetch->asked = true;
	}
	return fetch->asked;
}

bool fetch_is_image(const struct fetch *fetch)
{
	return fetch->request.what == FETCHWIRE_IMAGE;
}

bool fetch_is_signature(const struct fetch *fetch)
{
	return fetch->request.what == FETCHWIRE_SIGNATURE;
}

void fetch_say(struct fetch *fetch, const void *packet, size_t size)
{
	if (fetch_runs(fetch) &&
	    send(fetch->peer, packet, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
	    errno != EAGAIN)
		fetch_end(fetch);
}

void fetch_say_asked(struct fetch *fetch)
{
	struct fetchwire_asked asked = { .kind = FETCHWIRE_ASKED };

	fetch_say(fetch, &asked, sizeof(asked));
}

void fetch_say_entry(struct fetch *fetch, const char *name, const char *permission,
		     const char *value, const char *sha256)
{
	struct fetchwire_entry entry = { .kind = FETCHWIRE_ENTRY, .line = 1 };

	strcpy(entry.name, name);
	strcpy(entry.permission, permission);
	strcpy(entry.value, value);
	strcpy(entry.sha256, sha256);
	fetch_say(fetch, &entry, sizeof(entry));
}

void fetch_say_last(struct fetch *fetch, const struct fetchwire_end *last)
{
	fetch_say(fetch, last, sizeof(*last));
	fetch_end(fetch);
}

/* What uxmcd calls */

int fetchproc_start(struct fetchproc *proc, const struct config *config,
		    char *sentence, size_t size)
{
	int ends[2];
	size_t i;

	(void)config;
	for (i = 0; i < FETCHES; i++)
		fetch_hear(&fetches[i]);
	for (i = 0; i < FETCHES && fetch_runs(&fetches[i]); i++)
		;
	if (i == FETCHES ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		text_format(sentence, size, "too many at once");
		return -EAGAIN;
	}
	*proc = (struct fetchproc){ .socket = ends[0] };
	fetches[i].peer = ends[1];
	return 0;
}

void fetchproc_end(struct fetchproc *proc)
{
	if (proc->socket >= 0)
		close(proc->socket);
	proc->socket = -1;
}

void fetchproc_reap(void)
{
}
