// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What uxmc-fetch may say to uxmcd. tests/fuzz/run builds it.
 *
 * The first byte chooses the request; then come packets, each behind its size in
 * two bytes, the last of which may be as long as there is anything left. Bytes that
 * are missing are zero, so that a large structure does not take a large input.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetchwire.h"
#include "fuzzer.h"
#include "text.h"

static const size_t sizes[] = {
	[FETCHWIRE_ASKED] = sizeof(struct fetchwire_asked),
	[FETCHWIRE_HEADERS] = sizeof(struct fetchwire_headers),
	[FETCHWIRE_DATA] = sizeof(struct fetchwire_data),
	[FETCHWIRE_ENTRY] = sizeof(struct fetchwire_entry),
	[FETCHWIRE_FILE] = sizeof(struct fetchwire_file),
	[FETCHWIRE_DROPPED] = sizeof(struct fetchwire_dropped),
	[FETCHWIRE_END] = sizeof(struct fetchwire_end),
};

static void choose(struct fetchwire_request *request, uint8_t choice)
{
	*request = (struct fetchwire_request){
		.version = FETCHWIRE_VERSION,
		.what = choice & 1 ? FETCHWIRE_SETTINGS :
			choice == 8 ? FETCHWIRE_SIGNATURE : FETCHWIRE_IMAGE,
		.size_max = choice == 8 ? FETCHWIRE_SIGNATURE_MAX : 100000,
		.connect_timeout = 1,
		.stall_timeout = 1,
		.url = "http://server/",
	};
	if (choice & 2)
		strcpy(request->etag, "\"one\"");
	if ((choice & 7) == 6)
		request->offset = 40000;
	if (fetchwire_check_request(request, sizeof(*request)))
		abort();
}

static void check_text(const char *text, size_t size)
{
	if (!memchr(text, '\0', size) || !text_is_clean(text))
		abort();
}

static void check_headers(const struct fetchwire_headers *headers)
{
	check_text(headers->etag, sizeof(headers->etag));
	check_text(headers->modified, sizeof(headers->modified));
	if (headers->has_range && headers->first > headers->last)
		abort();
}

static void check_entry(const struct fetchwire_entry *entry)
{
	struct permission permission;
	enum setting_id id;
	char pin[PIN_SIZE];

	check_text(entry->name, sizeof(entry->name));
	check_text(entry->value, sizeof(entry->value));
	check_text(entry->sha256, sizeof(entry->sha256));
	if (*entry->sha256 && pin_parse(entry->sha256, pin))
		abort();
	if (entry->limited > 1 || entry->percent > ROLLOUT_ALL)
		abort();
	if (setting_find(entry->name, &id) || !*entry->value ||
	    permission_parse(entry->permission, &permission))
		abort();
}

static void check_file(const struct fetchwire *wire,
		       const struct fetchwire_file *file)
{
	check_text(file->url, sizeof(file->url));
	if (url_check(file->url) || wire->files > PROVISION_FILES_MAX ||
	    (int)file->line < 1)
		abort();
}

static void check_dropped(const struct fetchwire *wire,
			  const struct fetchwire_dropped *dropped)
{
	check_text(dropped->sentence, sizeof(dropped->sentence));
	if (!*dropped->sentence || wire->dropped > PROVISION_DROPPED_MAX ||
	    (int)dropped->line < 1)
		abort();
}

/* What uxmcd relies on, of a packet that was found good. */
static void check_packet(const struct fetchwire *wire,
			 const struct fetchwire_request *request,
			 const union fetchwire_packet *packet, size_t size)
{
	switch (packet->kind) {
	case FETCHWIRE_HEADERS:
		check_headers(&packet->headers);
		break;
	case FETCHWIRE_DATA:
		if (request->what == FETCHWIRE_SETTINGS || !wire->status ||
		    !fetchwire_data_count(size) ||
		    fetchwire_data_count(size) > FETCHWIRE_DATA_MAX ||
		    wire->received > request->size_max)
			abort();
		break;
	case FETCHWIRE_ENTRY:
		if (request->what != FETCHWIRE_SETTINGS)
			abort();
		check_entry(&packet->entry);
		break;
	case FETCHWIRE_FILE:
		check_file(wire, &packet->file);
		break;
	case FETCHWIRE_DROPPED:
		check_dropped(wire, &packet->dropped);
		break;
	case FETCHWIRE_END:
		check_text(packet->end.sentence, sizeof(packet->end.sentence));
		if (!wire->ended)
			abort();
		break;
	default:
		break;
	}
}

struct input {
	const uint8_t *data;
	size_t size;
};

static size_t take(struct input *input, void *to, size_t size)
{
	size_t count = size < input->size ? size : input->size;

	memcpy(to, input->data, count);
	input->data += count;
	input->size -= count;
	return count;
}

/* A length of 0 is that of the kind. */
static size_t next_packet(struct input *input, union fetchwire_packet *packet)
{
	uint16_t given = 0;
	size_t size;

	memset(packet, 0, sizeof(*packet));
	take(input, &given, sizeof(given));
	take(input, packet, given ? given : sizeof(uint32_t));
	size = given;
	if (!given && packet->kind < ARRAY_SIZE(sizes)) {
		size = sizes[packet->kind];
		if (size > sizeof(uint32_t))
			take(input, packet->bytes + sizeof(uint32_t),
			     size - sizeof(uint32_t));
	}
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static union fetchwire_packet packet;
	struct input input = { data, size };
	struct fetchwire_request request;
	struct fetchwire wire;
	const char *wrong;
	uint8_t choice = 0;

	take(&input, &choice, 1);
	choose(&request, choice);
	fetchwire_begin(&wire, &request);
	while (input.size) {
		size_t length = next_packet(&input, &packet);

		wrong = fetchwire_take(&wire, &packet, length);
		if (wrong) {
			if (!text_is_clean(wrong) || !*wrong)
				abort();
			return 0;
		}
		if (!length)
			return 0;
		check_packet(&wire, &request, &packet, length);
	}
	return 0;
}
