// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DFU 1.1, appendix A.2, as a table: each request in each state. The module
 * around dfu.c, and its clock, are made up here.
 */
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dfu.h"
#include "flash.h"
#include "log.h"
#include "loop.h"
#include "screen.h"
#include "states.h"

enum {
	DETACH,
	DNLOAD,
	UPLOAD,
	GETSTATUS,
	CLRSTATUS,
	GETSTATE,
	ABORT,
	NR_REQUESTS
};

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define BLOCK		16
#define POLL_MS		10
#define MANIFEST_MS	1000
#define DETACH_MS	300

/* What is around dfu.c. */

struct module_options module_options;

static uint64_t now;
static enum mode mode;
static unsigned int nr_left, nr_manifested, nr_violations;

uint64_t loop_now(void)
{
	return now;
}

void timer_arm(struct timer *timer, unsigned int ms)
{
	timer->due = now + ms * 1000000ull;
}

void timer_disarm(struct timer *timer)
{
	timer->due = 0;
}

enum mode module_mode(void)
{
	return mode;
}

void module_leave(enum departure departure)
{
	(void)departure;
	nr_left++;
}

void module_vanish(void)
{
}

void module_manifested(const char *version)
{
	flash_finish(version);
	nr_manifested++;
}

void log_event(const char *fmt, ...)
{
	if (!strncmp(fmt, "violation", strlen("violation")))
		nr_violations++;
}

void log_detail(const char *fmt, ...)
{
	(void)fmt;
}

void screen_show(const char *fmt, ...)
{
	(void)fmt;
}

void screen_received(uint64_t bytes)
{
	(void)bytes;
}

void screen_begin_steps(unsigned int ms)
{
	(void)ms;
}

void screen_end_steps(void)
{
}

void screen_settle(void)
{
}

/* The host. */

static uint8_t answer[64];
static unsigned int next_block;

static int request(uint8_t number, uint16_t value, uint16_t length)
{
	static const uint8_t data[2 * BLOCK] = "no image";
	const struct usb_ctrlrequest setup = {
		.bRequest = number,
		.wValue = htole16(value),
		.wLength = htole16(length),
	};

	return dfu_request(&setup, data, answer);
}

static enum state get_status(void)
{
	assert_int_equal(request(GETSTATUS, 0, 6), 6);
	return answer[4];
}

static enum status status(void)
{
	(void)get_status();
	return answer[0];
}

static unsigned int poll_timeout(void)
{
	return answer[1] | (unsigned int)answer[2] << 8 |
	       (unsigned int)answer[3] << 16;
}

static void pass(unsigned int ms)
{
	now += ms * 1000000ull;
}

static void send_block(void)
{
	assert_int_equal(request(DNLOAD, (uint16_t)next_block++, BLOCK), BLOCK);
}

/* Bring a sound module into a state, as a host would. */
static void bring(enum state state)
{
	const struct flash factory = { .version = "1.0", .whole = true };

	module_options = (struct module_options) {
		.model = "D7C",
		.new_version = "2.0",
		.transfer_size = BLOCK,
		.poll_ms = POLL_MS,
		.manifest_ms = MANIFEST_MS,
		.detach_ms = DETACH_MS,
		.reset_latency_ms = 500,
	};
	nr_left = 0;
	nr_manifested = 0;
	nr_violations = 0;
	next_block = 0;
	assert_int_equal(flash_load(NULL, &factory), 0);

	mode = state <= APP_DETACH ? MODE_APPLICATION : MODE_DFU;
	dfu_start(mode, false);

	switch (state) {
	case APP_DETACH:
		assert_int_equal(request(DETACH, 1000, 0), 0);
		break;
	case ERROR:
		assert_int_equal(request(DNLOAD, 0, 0), -EPIPE);
		break;
	case DNLOAD_SYNC:
		send_block();
		break;
	case DNBUSY:
		send_block();
		(void)get_status();
		break;
	case DNLOAD_IDLE:
	case MANIFEST_SYNC:
	case MANIFEST:
	case MANIFEST_WAIT_RESET:
		send_block();
		(void)get_status();
		pass(POLL_MS);
		(void)get_status();
		if (state == DNLOAD_IDLE)
			break;
		assert_int_equal(request(DNLOAD, (uint16_t)next_block, 0), 0);
		if (state == MANIFEST_SYNC)
			break;
		(void)get_status();
		if (state == MANIFEST_WAIT_RESET)
			pass(MANIFEST_MS);
		break;
	case APP_IDLE:
	case DFU_IDLE:
	case UPLOAD_IDLE:
		break;
	}
}

#define STALL	(-EPIPE)

struct row {
	enum state state;
	struct {
		int result;
		enum state next;
	} then[NR_REQUESTS];
};

/* DNLOAD is with data here; without, see test_end_of_image(). */
static const struct row table[] = {
	{ APP_IDLE, {
		[DETACH] = { 0, APP_DETACH },
		[DNLOAD] = { STALL, APP_IDLE },
		[UPLOAD] = { STALL, APP_IDLE },
		[GETSTATUS] = { 6, APP_IDLE },
		[CLRSTATUS] = { STALL, APP_IDLE },
		[GETSTATE] = { 1, APP_IDLE },
		[ABORT] = { STALL, APP_IDLE } } },
	{ APP_DETACH, {
		[DETACH] = { STALL, APP_IDLE },
		[DNLOAD] = { STALL, APP_IDLE },
		[UPLOAD] = { STALL, APP_IDLE },
		[GETSTATUS] = { 6, APP_DETACH },
		[CLRSTATUS] = { STALL, APP_IDLE },
		[GETSTATE] = { 1, APP_DETACH },
		[ABORT] = { STALL, APP_IDLE } } },
	{ DFU_IDLE, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { BLOCK, DNLOAD_SYNC },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { 6, DFU_IDLE },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { 1, DFU_IDLE },
		[ABORT] = { 0, DFU_IDLE } } },
	{ DNLOAD_SYNC, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { STALL, ERROR },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { 6, DNBUSY },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { 1, DNLOAD_SYNC },
		[ABORT] = { STALL, ERROR } } },
	{ DNBUSY, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { STALL, ERROR },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { STALL, ERROR },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { STALL, ERROR },
		[ABORT] = { STALL, ERROR } } },
	{ DNLOAD_IDLE, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { BLOCK, DNLOAD_SYNC },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { 6, DNLOAD_IDLE },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { 1, DNLOAD_IDLE },
		[ABORT] = { 0, DFU_IDLE } } },
	{ MANIFEST_SYNC, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { STALL, ERROR },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { 6, MANIFEST },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { 1, MANIFEST_SYNC },
		[ABORT] = { STALL, ERROR } } },
	{ MANIFEST, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { STALL, ERROR },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { STALL, ERROR },
		[CLRSTATUS] = { STALL, ERROR },
		[GETSTATE] = { STALL, ERROR },
		[ABORT] = { STALL, ERROR } } },
	{ MANIFEST_WAIT_RESET, {
		[DETACH] = { STALL, MANIFEST_WAIT_RESET },
		[DNLOAD] = { STALL, MANIFEST_WAIT_RESET },
		[UPLOAD] = { STALL, MANIFEST_WAIT_RESET },
		[GETSTATUS] = { STALL, MANIFEST_WAIT_RESET },
		[CLRSTATUS] = { STALL, MANIFEST_WAIT_RESET },
		[GETSTATE] = { STALL, MANIFEST_WAIT_RESET },
		[ABORT] = { STALL, MANIFEST_WAIT_RESET } } },
	{ ERROR, {
		[DETACH] = { STALL, ERROR },
		[DNLOAD] = { STALL, ERROR },
		[UPLOAD] = { STALL, ERROR },
		[GETSTATUS] = { 6, ERROR },
		[CLRSTATUS] = { 0, DFU_IDLE },
		[GETSTATE] = { 1, ERROR },
		[ABORT] = { STALL, ERROR } } },
};

/* Without touching it: GETSTATE is not answered in all of them. */
static bool is_in(enum state state)
{
	if (state == DNBUSY || state == MANIFEST ||
	    state == MANIFEST_WAIT_RESET)
		return request(GETSTATE, 0, 1) == STALL;
	return request(GETSTATE, 0, 1) == 1 && answer[0] == state;
}

static uint16_t length_of(unsigned int number)
{
	switch (number) {
	case DNLOAD:
	case UPLOAD:
		return BLOCK;
	case GETSTATUS:
		return 6;
	case GETSTATE:
		return 1;
	default:
		return 0;
	}
}

static void test_every_request(void **unused)
{
	const struct row *row;
	unsigned int i, number;
	uint16_t value;
	int result;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		row = &table[i];
		for (number = 0; number < NR_REQUESTS; number++) {
			bring(row->state);
			value = number == DNLOAD ? (uint16_t)next_block : 0;
			result = request((uint8_t)number, value,
					 length_of(number));
			if (result != row->then[number].result ||
			    !is_in(row->then[number].next))
				fail_msg("request %u in %s: %d", number,
					 state_names[row->state], result);
		}
	}
}

static void test_end_of_image(void **unused)
{
	(void)unused;
	bring(DFU_IDLE);
	assert_int_equal(request(DNLOAD, 0, 0), STALL);
	assert_int_equal(status(), ERR_STALLEDPKT);

	bring(DNLOAD_IDLE);
	assert_int_equal(request(DNLOAD, 1, 0), 0);
	assert_int_equal(get_status(), MANIFEST);
	assert_int_equal(poll_timeout(), MANIFEST_MS);
	pass(MANIFEST_MS - 1);
	assert_int_equal(request(GETSTATUS, 0, 6), STALL);
	assert_int_equal(nr_violations, 1);
	assert_int_equal(nr_manifested, 0);
}

static void test_tolerant(void **unused)
{
	(void)unused;
	bring(MANIFEST);
	module_options.tolerant = true;
	module_options.will_detach = true;
	pass(MANIFEST_MS);
	assert_int_equal(get_status(), DFU_IDLE);
	assert_int_equal(nr_manifested, 1);
	assert_int_equal(nr_left, 0);
	assert_int_equal(dfu_mode_after_reset(), MODE_APPLICATION);
}

static void test_not_tolerant(void **unused)
{
	(void)unused;
	bring(MANIFEST);
	module_options.will_detach = true;
	pass(MANIFEST_MS);
	assert_int_equal(request(GETSTATUS, 0, 6), STALL);
	assert_int_equal(nr_left, 1);
	assert_int_equal(dfu_mode_after_reset(), MODE_APPLICATION);
}

static void test_rejected(void **unused)
{
	(void)unused;
	bring(MANIFEST);
	module_options.verify = true;
	pass(MANIFEST_MS);
	assert_int_equal(status(), ERR_FILE);
	assert_int_equal(nr_manifested, 0);
	assert_int_equal(dfu_mode_after_reset(), MODE_DFU);
}

static void test_poll_timeout(void **unused)
{
	(void)unused;
	bring(DNBUSY);
	assert_int_equal(poll_timeout(), POLL_MS);
	pass(POLL_MS);
	assert_int_equal(get_status(), DNLOAD_IDLE);
	assert_int_equal(poll_timeout(), 0);

	bring(DFU_IDLE);
	module_options.poll_ms = 0;
	send_block();
	assert_int_equal(get_status(), DNLOAD_IDLE);
	assert_int_equal(nr_violations, 0);
}

static void test_detach_timeout(void **unused)
{
	(void)unused;
	bring(APP_DETACH);
	pass(DETACH_MS);
	assert_int_equal(dfu_mode_after_reset(), MODE_DFU);

	/* The host's time was longer; a reset shows late, and is granted that. */
	bring(APP_DETACH);
	pass(1000);
	assert_int_equal(dfu_mode_after_reset(), MODE_APPLICATION);
	assert_int_equal(get_status(), APP_IDLE);

	bring(APP_IDLE);
	module_options.will_detach = true;
	assert_int_equal(request(DETACH, 1000, 0), 0);
	assert_int_equal(nr_left, 1);
}

static void test_reset(void **unused)
{
	(void)unused;
	bring(APP_IDLE);
	assert_int_equal(dfu_mode_after_reset(), MODE_APPLICATION);
	bring(DFU_IDLE);
	assert_int_equal(dfu_mode_after_reset(), MODE_APPLICATION);
	bring(DNLOAD_IDLE);
	assert_int_equal(dfu_mode_after_reset(), MODE_DFU);
	dfu_start(MODE_DFU, true);
	assert_int_equal(status(), ERR_FIRMWARE);
	assert_int_equal(get_status(), ERROR);
}

static void test_bad_block(void **unused)
{
	(void)unused;
	bring(DFU_IDLE);
	assert_int_equal(request(DNLOAD, 1, BLOCK), STALL);
	bring(DNLOAD_IDLE);
	assert_int_equal(request(DNLOAD, 0, BLOCK), STALL);
	bring(DNLOAD_IDLE);
	assert_int_equal(request(DNLOAD, 1, BLOCK + 1), STALL);
	assert_int_equal(nr_violations, 1);
	bring(DNLOAD_IDLE);
	assert_int_equal(request(DNLOAD, 1, BLOCK - 1), BLOCK - 1);
}

static void test_block_number_wraps(void **unused)
{
	unsigned int i;

	(void)unused;
	bring(DFU_IDLE);
	module_options.poll_ms = 0;
	for (i = 0; i < 0x20003; i++) {
		send_block();
		assert_int_equal(get_status(), DNLOAD_IDLE);
	}
	assert_int_equal(request(DNLOAD, 3, 0), 0);
	assert_int_equal(get_status(), MANIFEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_request),
		cmocka_unit_test(test_end_of_image),
		cmocka_unit_test(test_tolerant),
		cmocka_unit_test(test_not_tolerant),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_poll_timeout),
		cmocka_unit_test(test_detach_timeout),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_bad_block),
		cmocka_unit_test(test_block_number_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
