// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/param.h>

#include "boot.h"
#include "imagecheck.h"
#include "intake.h"
#include "log.h"
#include "sentence.h"
#include "text.h"
#include "useragent.h"

#define PAUSE_MAX	300000

/* What is read of an image in one step, so that nobody waits long meanwhile */
#define STEP_READS	8
#define READ_SIZE	32768

static int empty_part(void *context)
{
	struct intake *intake = context;

	trust_restart(&intake->trust);
	return image_rewind(&intake->image);
}

static int find_room(void *context, uint64_t *room)
{
	const struct intake *intake = context;

	return image_room(&intake->image, room);
}

/* It is summed up as it comes, unless there is a part that has to be read first. */
static int store_piece(void *context, const char *data, size_t count)
{
	struct intake *intake = context;
	struct trust *trust = &intake->trust;
	uint64_t before = intake->image.size;
	int ret = image_write(&intake->image, data, count);

	if (!ret && trust_wants_bytes(trust) && trust->digest.count == before)
		trust_add(trust, data, count);
	return ret;
}

static void hear(void *context)
{
	const struct intake *intake = context;

	intake->heard(intake->context);
}

static const struct imagefetch_ops fetch_ops = {
	.empty = empty_part,
	.room = find_room,
	.store = store_piece,
	.heard = hear,
};

/* The part of an earlier boot may have holes where the power cut was. */
static bool part_is_sound(const struct journal *record)
{
	return *boot_id() && !strcmp(record->boot, boot_id()) && record->size &&
	       (*record->etag || *record->modified);
}

static int begin_trust(struct intake *intake)
{
	struct failure *failure = intake->failure;
	int ret;

	ret = trust_begin(&intake->trust, intake->record->sha256,
			  failure->message, sizeof(failure->message));
	failure->error = -ret;
	return ret;
}

static int open_part(struct intake *intake)
{
	struct journal *record = intake->record;
	int ret = -ENOENT, dir = intake->store->firmware;

	if (intake->image.fd >= 0)
		return 0;
	if (begin_trust(intake))
		return -intake->failure->error;
	if (part_is_sound(record))
		ret = image_reopen(&intake->image, dir, record->name);
	if (ret == -ENOENT)
		ret = image_create(&intake->image, dir, record->name);
	text_copy(record->boot, sizeof(record->boot), boot_id());
	*record->trust = '\0';
	*record->signer = '\0';
	return !ret ? 0 :
	       failure_note(intake->failure, ret,
			    "the image cannot be stored in %s: %s",
			    intake->config->state_dir, strerror(-ret));
}

/* From where on the last try continued what was there; 0: it began anew. */
static uint64_t resumed_at(const struct intake *intake)
{
	return intake->record->file || !intake->tries ? 0 : intake->fetch.have;
}

/* What is there to continue: nothing if the last try brought a page in its place. */
static uint64_t sound_part(const struct intake *intake)
{
	uint64_t resumed = intake->tries > 1 ? resumed_at(intake) : 0;

	return resumed && imagecheck_is_page(&intake->image, resumed) ?
	       0 : intake->image.size;
}

static void fetch_image(struct intake *intake, const char *url,
			const char *user_agent)
{
	const struct journal *record = intake->record;
	const struct imagefetch_source source = {
		.url = url,
		.user_agent = user_agent,
		.have = sound_part(intake),
		.size = record->size,
		.etag = record->etag,
		.modified = record->modified,
	};

	intake->at_signature = false;
	imagefetch_start(&intake->fetch, &source);
}

static void fetch_signature(struct intake *intake, const char *url,
			    const char *user_agent)
{
	intake->at_signature = true;
	sigintake_fetch(&intake->sigintake, url, user_agent);
}

static int start_fetch(struct intake *intake,
		       void (*fetch)(struct intake *intake, const char *url,
				     const char *user_agent))
{
	const struct journal *record = intake->record;
	char user_agent[USERAGENT_MAX + 1] = "";
	char url[URL_MAX + 1];
	int ret;

	useragent_make(intake->config, intake->modules, user_agent,
		       sizeof(user_agent));
	ret = url_expand(record->url, intake->config->phone_mac, url,
			 sizeof(url));
	if (ret)
		return failure_note(intake->failure, ret,
				    "the fetch cannot be started: %s",
				    strerror(-ret));
	fetch(intake, url, user_agent);
	return 0;
}

static int take_signature(struct intake *intake)
{
	const struct sigintake *sigintake = &intake->sigintake;
	struct failure *failure = intake->failure;
	int ret;

	ret = trust_take_signature(&intake->trust, sigintake->text,
				   sigintake->size, intake->record->name,
				   failure->message, sizeof(failure->message));
	failure->error = -ret;
	return ret;
}

/* It is there, or it is not to be had. */
static void hear_signature(void *context)
{
	struct intake *intake = context;
	struct verdict *verdict = &intake->sigintake.verdict;

	if (verdict->result == VERDICT_COMPLETE &&
	    (take_signature(intake) || start_fetch(intake, fetch_image))) {
		verdict_open(verdict, intake->record->url);
		verdict_note(verdict, VERDICT_FAILED, intake->failure->error,
			     "%s", intake->failure->message);
	}
	hear(intake);
}

/* Each try has its own signature, since the server may have another image by now. */
int intake_fetch(struct intake *intake, size_t modules)
{
	int ret = open_part(intake);

	if (ret)
		return ret;
	intake->modules = modules;
	/* The first try may end with the signature: nothing has been continued then. */
	if (intake->tries == 1)
		intake->fetch.have = 0;
	return start_fetch(intake, trust_wants_signature(&intake->trust) ?
				   fetch_signature : fetch_image);
}

const struct verdict *intake_verdict(const struct intake *intake)
{
	return intake->at_signature ? &intake->sigintake.verdict :
				      imagefetch_verdict(&intake->fetch);
}

int intake_note_answer(struct intake *intake)
{
	struct imagefetch *fetch = &intake->fetch;
	struct journal *record = intake->record;
	int ret;

	/* What a partial answer continues is known already. */
	if (!fetch->answered)
		return 0;
	fetch->answered = false;
	record->size = fetch->size;
	text_copy(record->etag, sizeof(record->etag), fetch->etag);
	text_copy(record->modified, sizeof(record->modified), fetch->modified);
	ret = journal_write(record, intake->store->dir);
	return ret ? failure_no_journal(intake->failure, ret) : 0;
}

uint64_t intake_retry_after(const struct intake *intake)
{
	return intake->at_signature ? intake->sigintake.fetcher.retry_after :
				      intake->fetch.fetcher.retry_after;
}

bool intake_may_wait(const struct intake *intake)
{
	return intake_retry_after(intake) * 1000 <= PAUSE_MAX;
}

/* Doubles with each try, but not beyond what the driver waits for a report. */
uint64_t intake_pause(const struct intake *intake)
{
	unsigned int doubled = MIN(intake->tries - 1, 6);

	return MAX(MIN(intake->config->retry_delay << doubled, PAUSE_MAX),
		   intake_retry_after(intake) * 1000);
}

static int check_size(struct intake *intake)
{
	uint64_t size = intake->record->size, max = intake->config->image_size_max;

	if (!size)
		return failure_note(intake->failure, ENODATA,
				    "the file is empty");
	if (size > max)
		return failure_note(intake->failure, EFBIG,
				    SENTENCE_TOO_LARGE("file"), size, max);
	return 0;
}

static int check_room(struct intake *intake)
{
	uint64_t room, wanted = intake->record->size;

	if (image_room(&intake->image, &room) || room >= wanted)
		return 0;
	return failure_note(intake->failure, ENOSPC, SENTENCE_NO_ROOM,
			    intake->config->state_dir, wanted, room);
}

int intake_copy(struct intake *intake, size_t signature_size)
{
	int ret = check_size(intake);

	if (!ret)
		ret = open_part(intake);
	if (!ret)
		ret = check_room(intake);
	if (!ret && !signature_size && trust_wants_signature(&intake->trust))
		ret = failure_note(intake->failure, ENOKEY,
				   "no signature came with the file: image_keys in uxmcd.conf asks for one beside it, NAME.bin"
				   MINISIG_SUFFIX);
	sigintake_expect(&intake->sigintake, signature_size);
	return ret;
}

/* What comes in front of the file; gives how much of it that is, or -errno. */
static int take_in_front(struct intake *intake, const char *data, size_t count)
{
	struct sigintake *sigintake = &intake->sigintake;
	int ret;

	if (!sigintake->owed)
		return 0;
	count = sigintake_take(sigintake, data, count);
	if (sigintake->owed || !trust_wants_signature(&intake->trust))
		return (int)count;
	ret = take_signature(intake);
	return ret ? ret : (int)count;
}

int intake_take(struct intake *intake, const char *data, size_t count)
{
	int ret = take_in_front(intake, data, count);

	if (ret < 0)
		return ret;
	ret = store_piece(intake, data + ret, count - (size_t)ret);
	if (ret)
		return failure_note(intake->failure, ret,
				    "the image cannot be stored: %s",
				    strerror(-ret));
	return intake->image.size < intake->record->size ? -EAGAIN : 0;
}

/* What has not been summed up yet, because it was there already */
static int read_rest(struct intake *intake)
{
	struct trust *trust = &intake->trust;
	char data[READ_SIZE];
	ssize_t count;
	int i;

	for (i = 0; i < STEP_READS; i++) {
		if (!trust_wants_bytes(trust) ||
		    trust->digest.count == intake->image.size)
			return 0;
		count = image_peek(&intake->image, trust->digest.count, data,
				   sizeof(data));
		if (count <= 0)
			return failure_note(intake->failure,
					    count ? (int)count : EIO,
					    "the image that was stored cannot be read");
		trust_add(trust, data, (size_t)count);
	}
	return -EAGAIN;
}

static int judge(struct intake *intake)
{
	struct failure *failure = intake->failure;
	struct journal *record = intake->record;
	int ret;

	ret = trust_judge(&intake->trust, failure->message,
			  sizeof(failure->message));
	failure->error = -ret;
	if (ret)
		return ret;
	trust_words(&intake->trust, record->file ? NULL : record->url,
		    record->trust, sizeof(record->trust));
	if (!intake->trust.was_signed)
		trust_signer(&intake->trust, record->signer);
	if (!strcmp(record->trust, "none"))
		log_warning("%s: nothing vouches for that image, which came by plain http and is neither pinned nor signed",
			    record->name);
	return 0;
}

static int keep(struct intake *intake)
{
	int ret;

	trust_end(&intake->trust);
	intake->record->size = intake->image.size;
	ret = image_finish(&intake->image);
	return !ret ? 0 :
	       failure_note(intake->failure, ret,
			    "the image cannot be stored: %s", strerror(-ret));
}

int intake_check(struct intake *intake)
{
	int ret = read_rest(intake);

	/* What came in its place says more than that it is not what was pinned. */
	if (!ret)
		ret = imagecheck(&intake->image, resumed_at(intake),
				 intake->config, intake->record,
				 intake->failure);
	if (!ret)
		ret = judge(intake);
	return ret ? ret : keep(intake);
}

int intake_reopen(struct intake *intake)
{
	const struct journal *record = intake->record;
	int ret;

	if (intake->image.fd >= 0)
		return 0;
	if (begin_trust(intake))
		return -intake->failure->error;
	if (intake_is_good(intake))
		trust_take_as_signed(&intake->trust);
	ret = image_open(&intake->image, intake->store->firmware, record->name);
	return !ret ? 0 :
	       failure_note(intake->failure, ret,
			    "the image that was stored cannot be read: %s",
			    strerror(-ret));
}

bool intake_is_whole(const struct intake *intake)
{
	const struct journal *record = intake->record;
	uint64_t size;

	return record->size &&
	       !image_stat(intake->store->firmware, record->name, &size) &&
	       size == record->size;
}

bool intake_is_good(const struct intake *intake)
{
	return intake_is_whole(intake) &&
	       trust_accepts(&intake->trust, intake->record->signer);
}

void intake_stop(struct intake *intake)
{
	imagefetch_stop(&intake->fetch);
	sigintake_stop(&intake->sigintake);
	intake->at_signature = false;
	image_close(&intake->image);
	intake->image.size = 0;
	trust_end(&intake->trust);
}

void intake_open(struct intake *intake, const struct fetcher_needs *needs)
{
	intake->image.fd = -1;
	imagefetch_open(&intake->fetch, needs, &fetch_ops, intake);
	sigintake_open(&intake->sigintake, needs, hear_signature, intake);
}
