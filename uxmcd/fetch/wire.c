// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "text.h"
#include "wire.h"

/* uxmcd may be writing to slow flash memory meanwhile. */
#define SEND_SECONDS	60
#define RECEIVE_SECONDS	10

/* Several packets of data on the way: sender and receiver seldom wait then. */
#define SEND_BUFFER	(4 * (int)FETCHWIRE_DATA_MAX)

static int set_option(int socket, int option, const void *value, size_t size)
{
	return setsockopt(socket, SOL_SOCKET, option, value, (socklen_t)size) ?
	       -errno : 0;
}

int wire_open(struct wire *wire, int socket)
{
	static const struct timeval sending = { .tv_sec = SEND_SECONDS };
	static const struct timeval receiving = { .tv_sec = RECEIVE_SECONDS };
	static const int buffer = SEND_BUFFER;
	int ret;

	wire->socket = socket;
	ret = set_option(socket, SO_SNDTIMEO, &sending, sizeof(sending));
	if (!ret)
		ret = set_option(socket, SO_RCVTIMEO, &receiving,
				 sizeof(receiving));
	if (!ret)
		ret = set_option(socket, SO_SNDBUF, &buffer, sizeof(buffer));
	return ret;
}

long wire_receive(const struct wire *wire, void *to, size_t size)
{
	ssize_t count = recv(wire->socket, to, size, 0);

	return count < 0 ? -errno : (long)count;
}

static int send_packet(struct wire *wire, const void *packet, size_t size)
{
	if (!wire->error &&
	    send(wire->socket, packet, size, MSG_NOSIGNAL) != (ssize_t)size)
		wire->error = -errno;
	return wire->error;
}

int wire_asked(struct wire *wire)
{
	struct fetchwire_asked asked = { .kind = FETCHWIRE_ASKED };

	return send_packet(wire, &asked, sizeof(asked));
}

/* RFC 9110, section 14.4; numbers past all sizes are no range to do anything with. */
static bool has_range(const struct answer *answer)
{
	return answer->status == 206 && answer->has_range &&
	       answer->range.last < INT64_MAX;
}

void wire_make_headers(struct fetchwire_headers *headers,
		       const struct answer *answer)
{
	memset(headers, 0, sizeof(*headers));
	headers->kind = FETCHWIRE_HEADERS;
	headers->status = (uint32_t)answer->status;
	headers->has_length = answer->has_length;
	headers->length = answer->length;
	headers->delimited = answer->chunked;
	headers->has_range = has_range(answer);
	if (headers->has_range) {
		headers->first = answer->range.first;
		headers->last = answer->range.last;
		headers->total = answer->range.total;
	}
	text_copy(headers->etag, sizeof(headers->etag), answer->weak_etag);
	text_copy(headers->modified, sizeof(headers->modified),
		  answer->modified);
}

int wire_headers(struct wire *wire, const struct fetchwire_headers *headers)
{
	return send_packet(wire, headers, sizeof(*headers));
}

int wire_flush(struct wire *wire)
{
	size_t size = offsetof(struct fetchwire_data, bytes) + wire->held;

	if (wire->held) {
		wire->data.kind = FETCHWIRE_DATA;
		wire->held = 0;
		send_packet(wire, &wire->data, size);
	}
	return wire->error;
}

int wire_data(struct wire *wire, const char *data, size_t count)
{
	while (count && !wire->error) {
		size_t room = sizeof(wire->data.bytes) - wire->held;
		size_t part = count < room ? count : room;

		memcpy(wire->data.bytes + wire->held, data, part);
		wire->held += part;
		data += part;
		count -= part;
		if (part == room)
			wire_flush(wire);
	}
	return wire->error;
}

static int send_entry(struct wire *wire, enum setting_id id,
		      const struct provision_entry *provisioned)
{
	struct fetchwire_entry entry;

	memset(&entry, 0, sizeof(entry));
	entry.kind = FETCHWIRE_ENTRY;
	entry.line = (uint32_t)provisioned->line;
	text_copy(entry.name, sizeof(entry.name), setting_name(id));
	permission_format(&provisioned->permission, entry.permission,
			  sizeof(entry.permission));
	text_copy(entry.value, sizeof(entry.value), provisioned->value);
	text_copy(entry.sha256, sizeof(entry.sha256), provisioned->sha256);
	entry.limited = provisioned->rollout.limited;
	entry.percent = (uint8_t)provisioned->rollout.percent;
	return send_packet(wire, &entry, sizeof(entry));
}

static void send_file(struct wire *wire, const struct provision_line *named)
{
	struct fetchwire_file file;

	memset(&file, 0, sizeof(file));
	file.kind = FETCHWIRE_FILE;
	file.line = (uint32_t)named->line;
	text_copy(file.url, sizeof(file.url), named->text);
	send_packet(wire, &file, sizeof(file));
}

static void send_dropped(struct wire *wire, const struct provision_line *line,
			 bool spoils)
{
	struct fetchwire_dropped dropped;

	memset(&dropped, 0, sizeof(dropped));
	dropped.kind = FETCHWIRE_DROPPED;
	dropped.line = (uint32_t)line->line;
	dropped.spoils = spoils;
	text_copy(dropped.sentence, sizeof(dropped.sentence), line->text);
	send_packet(wire, &dropped, sizeof(dropped));
}

int wire_provision(struct wire *wire, const struct provision *provision)
{
	const struct provision_line *line;
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		if (provision->list[id])
			send_entry(wire, id, provision->list[id]);
	for (line = provision->files; line; line = line->next)
		send_file(wire, line);
	for (line = provision->dropped; line; line = line->next)
		send_dropped(wire, line, provision->spoiled);
	return wire->error;
}

int wire_end(struct wire *wire, const struct verdict *verdict,
	     uint64_t retry_after, bool overloaded)
{
	struct fetchwire_end end;

	wire_flush(wire);
	memset(&end, 0, sizeof(end));
	end.kind = FETCHWIRE_END;
	end.result = (uint32_t)verdict->result;
	end.error = (uint32_t)verdict->error;
	end.retry_after = retry_after < UINT32_MAX ? (uint32_t)retry_after :
						     UINT32_MAX;
	end.overloaded = overloaded;
	text_copy(end.sentence, sizeof(end.sentence), verdict->sentence);
	return send_packet(wire, &end, sizeof(end));
}
