/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uxmcd and uxmc-fetch say to each other.
 *
 * The socket is a SOCK_SEQPACKET one of AF_UNIX; one packet is one message, a
 * structure below as it is in memory, since both are of one machine and one build.
 * uxmcd says one thing, a request. uxmc-fetch answers with
 *
 *	ASKED ...	a request is on its way: the first, one after each redirect
 *	HEADERS		of an answer that brings what was asked for
 *	DATA ...	the body of an image or a signature
 *	ENTRY ...	the settings of a settings file that was understood, in any order
 *	FILE ...	with these: files that it names, in the order in which they count
 *	DROPPED ...	and what is in it that does not count
 *	END		how it ended
 *
 * of which END may come at any time, and nothing comes after it. Either may close
 * the socket before: uxmcd if it wants no more, uxmc-fetch if it died.
 *
 * uxmc-fetch reads what strangers wrote, and is not trusted for that reason:
 * fetchwire_take() looks at each of its packets. Pure.
 */
#ifndef UXMC_FETCHWIRE_H
#define UXMC_FETCHWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "permission.h"
#include "provision.h"
#include "pin.h"
#include "setting.h"
#include "url.h"
#include "verdict.h"

#define FETCHWIRE_VERSION	2

#define FETCHWIRE_DATA_MAX	65536U		/* bytes in a packet */
#define FETCHWIRE_TIMEOUT_MAX	3600000U	/* milliseconds */
#define FETCHWIRE_SIZE_MAX	((uint64_t)INT32_MAX)
#define FETCHWIRE_ASKED_MAX	8U		/* packets */

/* What is no image takes at most so many stall_timeout, however slowly it drips. */
#define FETCHWIRE_STALLS_MAX	4U

#define FETCHWIRE_SIGNATURE_MAX	4096U		/* bytes */

#define FETCHWIRE_ETAG_SIZE	128
#define FETCHWIRE_MODIFIED_SIZE	64
#define FETCHWIRE_LOGIN_SIZE	128
#define FETCHWIRE_PATH_SIZE	256

enum fetchwire_what {
	FETCHWIRE_IMAGE = 1,
	FETCHWIRE_SETTINGS,
	FETCHWIRE_SIGNATURE,	/* of an image, a small file beside it */
};

enum fetchwire_kind {
	FETCHWIRE_ASKED = 1,
	FETCHWIRE_HEADERS,
	FETCHWIRE_DATA,
	FETCHWIRE_ENTRY,
	FETCHWIRE_FILE,
	FETCHWIRE_DROPPED,
	FETCHWIRE_END,
};

/**
 * struct fetchwire_request - from uxmcd, once
 * @version: FETCHWIRE_VERSION; another one has another structure
 * @what: enum fetchwire_what
 * @size_max: of the whole image or of the file, in bytes
 * @offset: bytes of the image that are there; of other files 0
 * @connect_timeout: milliseconds
 * @stall_timeout: milliseconds of silence that end it
 * @listed: it is a settings file that another one names, and may be of no interest
 * @rate_min: bytes a second that have to come on average; 0: any number
 * @url: with {mac} expanded
 * @user_agent: to be sent
 * @etag: of the image that there is a part of, a strong one, or of the settings
 *	file that is known; empty if not known
 * @modified: likewise, the Last-Modified
 * @ca_file: certificates to trust, an absolute path; empty: the system's
 * @client_cert: to be shown to servers that want one, likewise; empty: none
 * @client_key: that belongs to it; empty: it is in the same file
 * @user: for the server that @url names, if there is none in @url; empty: none
 * @password: likewise
 * @proxy: URL, with user and password if it wants them; empty: there is none
 * @no_proxy: hosts that are reached without, as libcurl's CURLOPT_NOPROXY has them
 */
struct fetchwire_request {
	uint32_t version;
	uint32_t what;
	uint64_t size_max;
	uint64_t offset;
	uint32_t connect_timeout;
	uint32_t stall_timeout;
	uint32_t listed;
	uint32_t rate_min;
	char url[URL_MAX + 1];
	char user_agent[512];
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
	char ca_file[FETCHWIRE_PATH_SIZE];
	char client_cert[FETCHWIRE_PATH_SIZE];
	char client_key[FETCHWIRE_PATH_SIZE];
	char user[FETCHWIRE_LOGIN_SIZE];
	char password[FETCHWIRE_LOGIN_SIZE];
	char proxy[256];
	char no_proxy[256];
};

struct fetchwire_asked {
	uint32_t kind;
};

/**
 * struct fetchwire_headers - the answer that the body belongs to
 * @status: of an image 200, of its rest also 206 and 416 (there is no rest), of a
 *	settings file 200 and, if validators were sent, 304
 * @has_length: @length is the body's, in bytes
 * @delimited: the body says itself where it ends, as one in chunks does
 * @has_range: @first to @last of @total (0: not told) is what the body brings
 * @etag: weak (W/"...") or strong ("..."); empty: none
 * @modified: Last-Modified; empty: none
 */
struct fetchwire_headers {
	uint32_t kind;
	uint32_t status;
	uint32_t has_length;
	uint32_t has_range;
	uint64_t length;
	uint64_t first;
	uint64_t last;
	uint64_t total;
	uint32_t delimited;
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
};

/* As many bytes as the packet is long. */
struct fetchwire_data {
	uint32_t kind;
	char bytes[FETCHWIRE_DATA_MAX];
};

/**
 * struct fetchwire_entry - a setting that the file sets
 * @line: of the file, from 1
 * @name: setting_find() knows it
 * @permission: as permission_format() writes it
 * @value: in its normal form; that of firmware_uxm is any clean text
 * @sha256: pin of firmware_uxm, in lower case; empty: none
 * @limited: firmware_uxm has a rollout, of @percent; else both are 0
 */
struct fetchwire_entry {
	uint32_t kind;
	uint32_t line;
	char name[32];
	char permission[PERMISSION_SIZE];
	char value[URL_MAX + 1];
	char sha256[PIN_SIZE];
	uint8_t limited;
	uint8_t percent;
};

/**
 * struct fetchwire_file - a file that the file names
 * @line: of the latter, from 1
 * @url: a complete one, {mac} not being expanded
 */
struct fetchwire_file {
	uint32_t kind;
	uint32_t line;
	char url[URL_MAX + 1];
};

/**
 * struct fetchwire_dropped - something in the file that does not count
 * @line: of the file, from 1
 * @spoils: it is the last firmware_uxm of the file, and takes the place of others
 * @sentence: why it does not; nothing of a value is in it
 */
struct fetchwire_dropped {
	uint32_t kind;
	uint32_t line;
	uint32_t spoils;
	char sentence[PROVISION_SENTENCE_SIZE];
};

/**
 * struct fetchwire_end - the last packet
 * @result: enum verdict_result
 * @error: positive errno; 0 if complete
 * @retry_after: seconds that the server asked to be left alone for; 0: it did not
 * @overloaded: for all requests (RFC 9110, 15.6.4, RFC 6585, 4), not for this one
 * @sentence: why it ended, or "complete"
 */
struct fetchwire_end {
	uint32_t kind;
	uint32_t result;
	uint32_t error;
	uint32_t retry_after;
	uint32_t overloaded;
	char sentence[VERDICT_SENTENCE_SIZE];
};

/* What uxmcd receives into; one byte more shows that a packet is too long. */
union fetchwire_packet {
	uint32_t kind;
	struct fetchwire_asked asked;
	struct fetchwire_headers headers;
	struct fetchwire_data data;
	struct fetchwire_entry entry;
	struct fetchwire_file file;
	struct fetchwire_dropped dropped;
	struct fetchwire_end end;
	char bytes[sizeof(struct fetchwire_data) + 1];
};

/**
 * struct fetchwire - what uxmc-fetch has said so far, in uxmcd. Private but for:
 * @received: bytes of the body
 * @ended: END has come
 */
struct fetchwire {
	enum fetchwire_what what;
	uint64_t offset;
	uint64_t left;
	bool conditional;
	unsigned int asked;
	uint32_t status;
	bool has_length;
	unsigned int entries;
	unsigned int files;
	unsigned int dropped;
	bool spoiled;
	uint64_t received;
	bool ended;
};

/* What is wrong with a request, as a sentence; NULL: nothing is. */
const char *fetchwire_check_request(const struct fetchwire_request *request,
				    size_t size);

/* How many bytes an answer announces for its body; false: it does not. */
bool fetchwire_announced(const struct fetchwire_headers *headers,
			 uint64_t *length);

/* A request that fetchwire_check_request() found nothing wrong with is sent. */
void fetchwire_begin(struct fetchwire *wire,
		     const struct fetchwire_request *request);

/*
 * A packet of that many bytes has come, 0 if the socket was closed: what is wrong
 * with it, as a sentence about uxmc-fetch; NULL: nothing is. Nothing of a packet
 * is to be used, and nothing more to be received, once something was wrong.
 */
const char *fetchwire_take(struct fetchwire *wire,
			   const union fetchwire_packet *packet, size_t size);

/* The bytes in a DATA packet of that size. */
size_t fetchwire_data_count(size_t size);

#endif
