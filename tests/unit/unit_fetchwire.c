// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "unit_fetchwire.h"

const struct fetchwire_request image = {
	.version = FETCHWIRE_VERSION,
	.what = FETCHWIRE_IMAGE,
	.size_max = 1000,
	.connect_timeout = 1000,
	.stall_timeout = 1000,
	.url = "http://server/a.bin",
	.user_agent = "Phone/1.0",
};

union fetchwire_packet packet;

struct fetchwire_request make_rest(void)
{
	struct fetchwire_request request = image;

	request.offset = 400;
	strcpy(request.etag, "\"one\"");
	return request;
}

struct fetchwire_request make_settings(const char *etag)
{
	struct fetchwire_request request = image;

	request.what = FETCHWIRE_SETTINGS;
	strcpy(request.etag, etag);
	return request;
}

struct fetchwire begin(const struct fetchwire_request *request)
{
	struct fetchwire wire;

	assert_null(fetchwire_check_request(request, sizeof(*request)));
	fetchwire_begin(&wire, request);
	return wire;
}

const char *take_asked(struct fetchwire *wire)
{
	packet.asked.kind = FETCHWIRE_ASKED;
	return fetchwire_take(wire, &packet, sizeof(packet.asked));
}

struct fetchwire_headers make_headers(uint32_t status, uint64_t length)
{
	return (struct fetchwire_headers){
		.kind = FETCHWIRE_HEADERS,
		.status = status,
		.has_length = 1,
		.length = length,
		.etag = "\"one\"",
	};
}

struct fetchwire_headers make_part(uint64_t first, uint64_t last,
				   uint64_t total)
{
	struct fetchwire_headers headers = make_headers(206, last - first + 1);

	headers.has_range = 1;
	headers.first = first;
	headers.last = last;
	headers.total = total;
	return headers;
}

const char *take_headers(struct fetchwire *wire,
			 struct fetchwire_headers headers)
{
	packet.headers = headers;
	return fetchwire_take(wire, &packet, sizeof(packet.headers));
}

const char *take_data(struct fetchwire *wire, size_t count)
{
	packet.data.kind = FETCHWIRE_DATA;
	return fetchwire_take(wire, &packet,
			      offsetof(struct fetchwire_data, bytes) + count);
}

struct fetchwire_entry make_entry(const char *name, const char *permission,
				  const char *value)
{
	struct fetchwire_entry entry = { .kind = FETCHWIRE_ENTRY, .line = 3 };

	strcpy(entry.name, name);
	strcpy(entry.permission, permission);
	strcpy(entry.value, value);
	return entry;
}

const char *take_entry(struct fetchwire *wire,
		       struct fetchwire_entry entry)
{
	packet.entry = entry;
	return fetchwire_take(wire, &packet, sizeof(packet.entry));
}

struct fetchwire_file make_file(const char *url)
{
	struct fetchwire_file file = { .kind = FETCHWIRE_FILE, .line = 3 };

	strcpy(file.url, url);
	return file;
}

const char *take_file(struct fetchwire *wire, struct fetchwire_file file)
{
	packet.file = file;
	return fetchwire_take(wire, &packet, sizeof(packet.file));
}

struct fetchwire_dropped make_dropped(const char *sentence, uint32_t spoils)
{
	struct fetchwire_dropped dropped = {
		.kind = FETCHWIRE_DROPPED, .line = 3, .spoils = spoils,
	};

	strcpy(dropped.sentence, sentence);
	return dropped;
}

const char *take_dropped(struct fetchwire *wire,
			 struct fetchwire_dropped dropped)
{
	packet.dropped = dropped;
	return fetchwire_take(wire, &packet, sizeof(packet.dropped));
}

struct fetchwire_end make_end(uint32_t result, uint32_t error)
{
	return (struct fetchwire_end){
		.kind = FETCHWIRE_END,
		.result = result,
		.error = error,
		.sentence = "so it is",
	};
}

const char *take_end(struct fetchwire *wire, uint32_t result,
		     uint32_t error)
{
	packet.end = make_end(result, error);
	return fetchwire_take(wire, &packet, sizeof(packet.end));
}

/* A job as far as its headers. */
struct fetchwire answered(const struct fetchwire_request *request,
			  struct fetchwire_headers headers)
{
	struct fetchwire wire = begin(request);

	assert_null(take_asked(&wire));
	assert_null(take_headers(&wire, headers));
	return wire;
}

void assert_wrong(const char *sentence, const char *wanted)
{
	assert_non_null(sentence);
	if (!strstr(sentence, wanted))
		fail_msg("\"%s\" does not say \"%s\"", sentence, wanted);
}
