// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "fetchwire.h"
#include "text.h"

#define ERRNO_MAX	4095U

#define DATA_OFFSET	offsetof(struct fetchwire_data, bytes)

/* It has an end within its field, and no control characters before that. */
static bool is_text(const char *text, size_t size)
{
	return memchr(text, '\0', size) && text_is_clean(text);
}

static bool is_strong(const char *etag)
{
	return *etag == '"';
}

/* RFC 9110, section 8.8.3 */
static bool is_etag(const char *etag)
{
	return !*etag || is_strong(etag) || !strncmp(etag, "W/\"", 3);
}

static bool is_timeout(uint32_t milliseconds)
{
	return milliseconds && milliseconds <= FETCHWIRE_TIMEOUT_MAX;
}

static bool has_texts(const struct fetchwire_request *request)
{
	return is_text(request->url, sizeof(request->url)) &&
	       is_text(request->user_agent, sizeof(request->user_agent)) &&
	       is_text(request->etag, sizeof(request->etag)) &&
	       is_text(request->modified, sizeof(request->modified)) &&
	       is_text(request->ca_file, sizeof(request->ca_file)) &&
	       is_text(request->client_cert, sizeof(request->client_cert)) &&
	       is_text(request->client_key, sizeof(request->client_key)) &&
	       is_text(request->user, sizeof(request->user)) &&
	       is_text(request->password, sizeof(request->password)) &&
	       is_text(request->proxy, sizeof(request->proxy)) &&
	       is_text(request->no_proxy, sizeof(request->no_proxy));
}

static bool is_path_or_empty(const char *path)
{
	return !*path || *path == '/';
}

static bool has_validator(const struct fetchwire_request *request)
{
	return *request->etag || *request->modified;
}

/* A weak one does not vouch for the bytes (RFC 9110, section 13.1.5). */
static bool may_resume(const struct fetchwire_request *request)
{
	return request->what == FETCHWIRE_IMAGE && has_validator(request) &&
	       request->offset < request->size_max &&
	       (!*request->etag || is_strong(request->etag));
}

const char *fetchwire_check_request(const struct fetchwire_request *request,
				    size_t size)
{
	if (size < sizeof(request->version))
		return "the request is too short";
	if (request->version != FETCHWIRE_VERSION)
		return "the request is of another version: restart uxmcd";
	if (size != sizeof(*request))
		return "the request has another length than its version";
	if (request->what < FETCHWIRE_IMAGE ||
	    request->what > FETCHWIRE_SIGNATURE)
		return "the request is neither for an image nor for settings or a signature";
	if (!request->size_max || request->size_max > FETCHWIRE_SIZE_MAX)
		return "the request has a size limit out of range";
	if (!is_timeout(request->connect_timeout) ||
	    !is_timeout(request->stall_timeout))
		return "the request has a timeout out of range";
	if (request->listed > 1 ||
	    (request->listed && request->what != FETCHWIRE_SETTINGS))
		return "the request is for something listed that is no settings file";
	if (!has_texts(request))
		return "the request has a text without an end, or with control characters";
	if (url_check(request->url))
		return "the request has no http or https URL";
	if (!is_etag(request->etag))
		return "the request has an entity tag without quotes";
	if (request->offset && !may_resume(request))
		return "the request has an offset that nothing can be resumed at";
	if (request->what == FETCHWIRE_SIGNATURE &&
	    (has_validator(request) ||
	     request->size_max > FETCHWIRE_SIGNATURE_MAX))
		return "the request for a signature asks for more than that";
	if (!is_path_or_empty(request->ca_file) ||
	    !is_path_or_empty(request->client_cert) ||
	    !is_path_or_empty(request->client_key))
		return "the request has a file that is no absolute path";
	if (*request->proxy && url_check_proxy(request->proxy))
		return "the request has a proxy that is none";
	return NULL;
}

bool fetchwire_announced(const struct fetchwire_headers *headers,
			 uint64_t *length)
{
	*length = 0;
	if (headers->has_length)
		*length = headers->length;
	else if (headers->has_range)
		*length = headers->last - headers->first + 1;
	return headers->has_length || headers->has_range;
}

void fetchwire_begin(struct fetchwire *wire,
		     const struct fetchwire_request *request)
{
	*wire = (struct fetchwire){
		.what = (enum fetchwire_what)request->what,
		.offset = request->offset,
		.left = request->size_max - request->offset,
		.conditional = has_validator(request),
	};
}

static const char *take_asked(struct fetchwire *wire)
{
	if (wire->status)
		return "uxmc-fetch asked again after the headers";
	if (wire->asked == FETCHWIRE_ASKED_MAX)
		return "uxmc-fetch followed too many redirects";
	wire->asked++;
	return NULL;
}

static bool status_fits(const struct fetchwire *wire, uint32_t status)
{
	switch (status) {
	case 200:
		return true;
	case 206:
	case 416:
		return wire->offset;
	case 304:
		return wire->what == FETCHWIRE_SETTINGS && wire->conditional;
	default:
		return false;
	}
}

static bool range_fits(const struct fetchwire_headers *headers)
{
	if (!headers->has_range)
		return true;
	return headers->first <= headers->last && headers->last < INT64_MAX &&
	       (!headers->total || headers->last < headers->total);
}

/* Half of an image that nobody states the length of could not be told from all. */
static bool has_end(const struct fetchwire *wire,
		    const struct fetchwire_headers *headers)
{
	return wire->what != FETCHWIRE_IMAGE || headers->has_length ||
	       headers->delimited;
}

static bool has_body(uint32_t status)
{
	return status == 200 || status == 206;
}

/* The whole takes the place of the part that is there. */
static uint64_t room_for(const struct fetchwire *wire, uint32_t status)
{
	switch (status) {
	case 200:
		return wire->left + wire->offset;
	case 206:
		return wire->left;
	default:
		return 0;
	}
}

static const char *check_headers(const struct fetchwire *wire,
				 const struct fetchwire_headers *headers)
{
	uint64_t length;

	if (!wire->asked || wire->status)
		return "uxmc-fetch sent headers at the wrong time";
	if (!status_fits(wire, headers->status))
		return "uxmc-fetch sent headers with a status that brings nothing";
	if (headers->has_length > 1 || headers->has_range > 1 ||
	    headers->delimited > 1 || !range_fits(headers))
		return "uxmc-fetch sent headers with numbers out of range";
	if (!is_text(headers->etag, sizeof(headers->etag)) ||
	    !is_text(headers->modified, sizeof(headers->modified)) ||
	    !is_etag(headers->etag))
		return "uxmc-fetch sent headers with malformed text";
	if (has_body(headers->status) && !has_end(wire, headers))
		return "uxmc-fetch sent headers of an image without an end";
	if (has_body(headers->status) && fetchwire_announced(headers, &length) &&
	    length > room_for(wire, headers->status))
		return "uxmc-fetch sent headers of more than the size limit";
	return NULL;
}

static const char *take_headers(struct fetchwire *wire,
				const struct fetchwire_headers *headers)
{
	const char *wrong = check_headers(wire, headers);
	uint64_t length;

	if (wrong)
		return wrong;
	wire->status = headers->status;
	wire->left = room_for(wire, wire->status);
	wire->has_length = has_body(wire->status) &&
			   fetchwire_announced(headers, &length);
	if (wire->has_length)
		wire->left = length;
	return NULL;
}

size_t fetchwire_data_count(size_t size)
{
	return size - DATA_OFFSET;
}

static const char *take_data(struct fetchwire *wire, size_t size)
{
	size_t count = fetchwire_data_count(size);

	if (wire->what == FETCHWIRE_SETTINGS || !has_body(wire->status))
		return "uxmc-fetch sent data that nobody asked for";
	if (count > wire->left)
		return wire->has_length ?
		       "uxmc-fetch sent more data than it announced" :
		       "uxmc-fetch sent more data than the size limit";
	wire->received += count;
	wire->left -= count;
	return NULL;
}

/* The URL of an image is judged by the rules, which say more of it. */
static bool value_fits(enum setting_id id, const char *value)
{
	char normal[URL_MAX + 1];

	if (id == SETTING_FIRMWARE_UXM)
		return true;
	return !setting_check(id, value, normal) && !strcmp(normal, value);
}

static bool takes_settings(const struct fetchwire *wire)
{
	return wire->what == FETCHWIRE_SETTINGS && wire->status == 200;
}

static bool is_line(uint32_t line)
{
	return line && line <= INT32_MAX;
}

static bool is_image(enum setting_id id)
{
	return id == SETTING_FIRMWARE_UXM;
}

/* Only an image has one. */
static bool pin_fits(enum setting_id id, const char *sha256)
{
	char pin[PIN_SIZE];

	if (!*sha256)
		return true;
	return is_image(id) && !pin_parse(sha256, pin) &&
	       !strcmp(pin, sha256);
}

/* And it alone a rollout. */
static bool rollout_fits(enum setting_id id, const struct fetchwire_entry *entry)
{
	if (!entry->limited)
		return !entry->percent;
	return is_image(id) && entry->limited == 1 &&
	       entry->percent <= ROLLOUT_ALL;
}

static const char *take_entry(struct fetchwire *wire,
			      const struct fetchwire_entry *entry)
{
	struct permission permission;
	enum setting_id id;

	if (!takes_settings(wire))
		return "uxmc-fetch sent a setting that nobody asked for";
	if (!is_text(entry->name, sizeof(entry->name)) ||
	    !is_text(entry->permission, sizeof(entry->permission)) ||
	    !is_text(entry->value, sizeof(entry->value)) ||
	    !is_text(entry->sha256, sizeof(entry->sha256)))
		return "uxmc-fetch sent a setting with malformed text";
	if (setting_find(entry->name, &id))
		return "uxmc-fetch sent a setting that there is none of";
	if (wire->entries & 1U << id || (wire->spoiled && is_image(id)))
		return "uxmc-fetch sent a setting twice";
	if (!*entry->value || !value_fits(id, entry->value))
		return "uxmc-fetch sent a setting with a value that it cannot have";
	if (!pin_fits(id, entry->sha256))
		return "uxmc-fetch sent a setting with a pin that it cannot have";
	if (!rollout_fits(id, entry))
		return "uxmc-fetch sent a setting with a rollout that it cannot have";
	if (permission_parse(entry->permission, &permission))
		return "uxmc-fetch sent a setting with a permission that there is none of";
	if (!is_line(entry->line))
		return "uxmc-fetch sent a setting without a line";
	wire->entries |= 1U << id;
	return NULL;
}

static const char *take_file(struct fetchwire *wire,
			     const struct fetchwire_file *file)
{
	if (!takes_settings(wire))
		return "uxmc-fetch named a file that nobody asked for";
	if (wire->files == PROVISION_FILES_MAX)
		return "uxmc-fetch named too many files";
	if (!is_text(file->url, sizeof(file->url)) || url_check(file->url))
		return "uxmc-fetch named a file without http or https URL";
	if (!is_line(file->line))
		return "uxmc-fetch named a file without a line";
	wire->files++;
	return NULL;
}

static const char *take_dropped(struct fetchwire *wire,
				const struct fetchwire_dropped *dropped)
{
	if (!takes_settings(wire))
		return "uxmc-fetch dropped what nobody asked for";
	if (wire->dropped == PROVISION_DROPPED_MAX)
		return "uxmc-fetch dropped too much";
	if (!is_text(dropped->sentence, sizeof(dropped->sentence)) ||
	    !*dropped->sentence)
		return "uxmc-fetch dropped something with a malformed sentence";
	if (!is_line(dropped->line))
		return "uxmc-fetch dropped something without a line";
	if (dropped->spoils > 1 ||
	    (dropped->spoils && wire->entries & 1U << SETTING_FIRMWARE_UXM))
		return "uxmc-fetch dropped firmware_uxm, and sent it";
	wire->spoiled |= dropped->spoils;
	wire->dropped++;
	return NULL;
}

/* Nothing is missing of what was asked for. */
static bool is_whole(const struct fetchwire *wire)
{
	switch (wire->status) {
	case 200:
	case 206:
		if (wire->what == FETCHWIRE_SETTINGS)
			return true;
		return wire->received && !(wire->has_length && wire->left);
	case 304:
		return true;
	default:
		return false;
	}
}

static const char *take_end(struct fetchwire *wire,
			    const struct fetchwire_end *end)
{
	bool complete = end->result == VERDICT_COMPLETE;

	if (!complete && end->result != VERDICT_BROKEN &&
	    end->result != VERDICT_FAILED)
		return "uxmc-fetch ended with a result that there is none of";
	if (end->error > ERRNO_MAX || complete != !end->error)
		return "uxmc-fetch ended with an error that does not fit the result";
	if (end->overloaded > 1)
		return "uxmc-fetch ended with a number out of range";
	if (!is_text(end->sentence, sizeof(end->sentence)) || !*end->sentence)
		return "uxmc-fetch ended with a malformed sentence";
	if (complete && !is_whole(wire))
		return "uxmc-fetch ended before all had come that it announced";
	wire->ended = true;
	return NULL;
}

/* Is that a length for the kind? */
static bool size_fits(const union fetchwire_packet *packet, size_t size)
{
	switch (packet->kind) {
	case FETCHWIRE_ASKED:
		return size == sizeof(packet->asked);
	case FETCHWIRE_HEADERS:
		return size == sizeof(packet->headers);
	case FETCHWIRE_DATA:
		return size > DATA_OFFSET && size <= sizeof(packet->data);
	case FETCHWIRE_ENTRY:
		return size == sizeof(packet->entry);
	case FETCHWIRE_FILE:
		return size == sizeof(packet->file);
	case FETCHWIRE_DROPPED:
		return size == sizeof(packet->dropped);
	case FETCHWIRE_END:
		return size == sizeof(packet->end);
	default:
		return false;
	}
}

const char *fetchwire_take(struct fetchwire *wire,
			   const union fetchwire_packet *packet, size_t size)
{
	if (wire->ended)
		return size ? "uxmc-fetch went on after its end" : NULL;
	if (!size)
		return "uxmc-fetch died";
	if (size < sizeof(packet->kind) || !size_fits(packet, size))
		return "uxmc-fetch sent a packet of no known kind and length";

	switch (packet->kind) {
	case FETCHWIRE_ASKED:
		return take_asked(wire);
	case FETCHWIRE_HEADERS:
		return take_headers(wire, &packet->headers);
	case FETCHWIRE_DATA:
		return take_data(wire, size);
	case FETCHWIRE_ENTRY:
		return take_entry(wire, &packet->entry);
	case FETCHWIRE_FILE:
		return take_file(wire, &packet->file);
	case FETCHWIRE_DROPPED:
		return take_dropped(wire, &packet->dropped);
	default:
		return take_end(wire, &packet->end);
	}
}
