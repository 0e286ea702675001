// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state machine is that of DFU 1.1, appendix A.2, one function a state:
 * what each does not name there is stalled, and leads to dfuERROR in DFU mode
 * and to appIDLE in application mode.
 *
 * Only set_state() changes the state. Time passes in elapse(), which looks at
 * the clock before every request, so that nothing depends on when a timer
 * gets its turn.
 */
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "dfu.h"
#include "download.h"
#include "faults.h"
#include "flash.h"
#include "log.h"
#include "loop.h"
#include "screen.h"
#include "states.h"
#include "transport.h"

enum request {
	DETACH,
	DNLOAD,
	UPLOAD,
	GETSTATUS,
	CLRSTATUS,
	GETSTATE,
	ABORT,
};

#define STATUS_SIZE	6
#define POLL_MAX	0xffffff

/* The largest block that a module takes whose wTransferSize is too large. */
#define SANE_TRANSFER_SIZE	4096

/* When a host whose DETACH failed sees the module leave. */
#define LATE_LEAVE_MS	2000

static struct {
	enum state state;
	enum status status;
	unsigned int nr_blocks;		/* of this download */
	bool synced;			/* what SYNC waits for is done */
	uint64_t due;			/* end of DNBUSY or MANIFEST */
	bool leaving;			/* at the end of APP_DETACH */
	uint64_t quiet_until;		/* end of a bwPollTimeout of another state */
} dfu;

static void elapse(void);
static struct timer timer = { .fire = elapse };

static void set_state(enum state state)
{
	if (state == dfu.state)
		return;

	log_detail("state %s -> %s", state_names[dfu.state],
		   state_names[state]);
	dfu.state = state;
	timer_disarm(&timer);
}

static void fail(enum status status)
{
	log_event("error %s", status_names[status]);
	dfu.status = status;
	set_state(ERROR);
	screen_settle();
	screen_show("Update failed: %s", status_names[status]);
}

static int stall_with(enum status status)
{
	if (module_mode() == MODE_DFU)
		fail(status);
	else
		set_state(APP_IDLE);
	return -EPIPE;
}

static int stall(void)
{
	return stall_with(ERR_STALLEDPKT);
}

static int violation(const char *text)
{
	log_event("violation %s", text);
	return stall();
}

static void wait_until_due(unsigned int ms)
{
	dfu.due = loop_now() + ms * 1000000ull;
}

/* Manifestation is over: it worked, or it did not. */
static void finish_manifestation(void)
{
	char version[IMAGE_VERSION_MAX + 1];
	const char *reason;

	screen_settle();
	if (fault_strikes(FAULT_MANIFEST_ERROR)) {
		fail(ERR_PROG);
		return;
	}

	reason = download_verify(module_options.model, version);
	if (reason && module_options.verify) {
		log_event("rejected %s", reason);
		fail(download_is_damaged() ? ERR_VERIFY : ERR_FILE);
		return;
	}

	screen_end_steps();
	module_manifested(reason ? module_options.new_version : version);
	dfu.synced = true;
	if (module_options.tolerant) {
		set_state(MANIFEST_SYNC);
		return;
	}

	set_state(MANIFEST_WAIT_RESET);
	if (module_options.will_detach)
		module_leave(TO_APPLICATION);
}

static void elapse(void)
{
	switch (dfu.state) {
	case APP_DETACH:
		if (loop_now() < dfu.due)
			break;
		set_state(APP_IDLE);
		if (dfu.leaving)
			module_leave(TO_DFU_MODE);
		break;
	case DNBUSY:
		if (loop_now() >= dfu.due) {
			dfu.synced = true;
			set_state(DNLOAD_SYNC);
		}
		break;
	case MANIFEST:
		if (loop_now() >= dfu.due)
			finish_manifestation();
		break;
	case APP_IDLE:
	case DFU_IDLE:
	case DNLOAD_SYNC:
	case DNLOAD_IDLE:
	case MANIFEST_SYNC:
	case MANIFEST_WAIT_RESET:
	case UPLOAD_IDLE:
	case ERROR:
		break;
	}
}

static int put_status(const struct usb_ctrlrequest *setup, uint8_t *reply,
		      enum state state, unsigned int poll_ms)
{
	uint16_t length = le16toh(setup->wLength);

	reply[0] = (uint8_t)dfu.status;
	reply[1] = (uint8_t)poll_ms;
	reply[2] = (uint8_t)(poll_ms >> 8);
	reply[3] = (uint8_t)(poll_ms >> 16);
	reply[4] = (uint8_t)state;
	reply[5] = 0;
	return length < STATUS_SIZE ? length : STATUS_SIZE;
}

/* Requests that are answered alike in all states that answer them. */

static int get_status(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	return put_status(setup, reply, dfu.state, 0);
}

/* In the states that wait for the host; section 6.1.2 excepts none. */
static int get_idle_status(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	const unsigned int ms = module_options.idle_poll_ms;

	dfu.quiet_until = loop_now() + ms * 1000000ull;
	return put_status(setup, reply, dfu.state, ms);
}

static int get_state(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	if (!setup->wLength)
		return 0;
	reply[0] = (uint8_t)dfu.state;
	return 1;
}

static int to_idle(void)
{
	faults_end();
	dfu.status = OK;
	set_state(DFU_IDLE);
	return 0;
}

/* Application mode. */

static int detach(const struct usb_ctrlrequest *setup)
{
	unsigned int ms = le16toh(setup->wValue);

	if (fault_strikes(FAULT_HANG_DETACH))
		return URB_UNANSWERED;

	log_event("detach");
	set_state(APP_DETACH);
	dfu.leaving = fault_strikes(FAULT_LATE_LEAVE);
	if (dfu.leaving) {
		wait_until_due(LATE_LEAVE_MS);
		timer_arm(&timer, LATE_LEAVE_MS);
		return -EPROTO;
	}
	if (module_options.will_detach) {
		dfu.due = UINT64_MAX;
		module_leave(TO_DFU_MODE);
		return 0;
	}

	if (ms > module_options.detach_ms)
		ms = module_options.detach_ms;
	ms += module_options.reset_latency_ms;
	wait_until_due(ms);
	timer_arm(&timer, ms);
	return 0;
}

static int app_idle(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case DETACH:
		return detach(setup);
	case GETSTATUS:
		return get_status(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

static int app_detach(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case GETSTATUS:
		return get_status(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

/* DFU mode: download. */

static void take_block(const uint8_t *data, uint16_t length)
{
	flash_erase();
	if (!dfu.nr_blocks)
		download_begin(module_options.sha256);
	download_add(data, length);
	log_detail("block %u %u", dfu.nr_blocks, length);
	dfu.nr_blocks++;
	dfu.synced = false;
	screen_received(download_length());
	set_state(DNLOAD_SYNC);
}

static int dnload(const struct usb_ctrlrequest *setup, const uint8_t *data)
{
	const uint16_t length = le16toh(setup->wLength);

	if (dfu.state == DFU_IDLE)
		dfu.nr_blocks = 0;

	if (fault_strikes(FAULT_HUGE_TRANSFER_SIZE)) {
		if (length > SANE_TRANSFER_SIZE)
			return stall();
	} else if (length > module_options.transfer_size) {
		return violation("block longer than wTransferSize");
	}
	if (le16toh(setup->wValue) != (uint16_t)dfu.nr_blocks)
		return violation("wBlockNum is not the next one");

	if (fault_strikes_at(FAULT_STALL, dfu.nr_blocks))
		return stall();
	if (fault_strikes_at(FAULT_HANG, dfu.nr_blocks))
		return URB_UNANSWERED;
	if (fault_strikes_at(FAULT_VANISH, dfu.nr_blocks)) {
		module_vanish();
		return URB_UNANSWERED;
	}

	take_block(data, length);
	return fault_strikes_at(FAULT_NO_ANSWER, dfu.nr_blocks - 1) ?
	       URB_LOST : length;
}

static int end_of_image(void)
{
	log_event("manifest");
	download_log();
	screen_settle();
	if (module_options.verify && download_incomplete()) {
		log_event("rejected it is shorter than it says");
		return stall_with(ERR_NOTDONE);
	}

	dfu.synced = false;
	set_state(MANIFEST_SYNC);
	return 0;
}

static int dfu_idle(const struct usb_ctrlrequest *setup, const uint8_t *data,
		    uint8_t *reply)
{
	switch (setup->bRequest) {
	case DNLOAD:
		return setup->wLength ? dnload(setup, data) : stall();
	case ABORT:
		return to_idle();
	case GETSTATUS:
		get_idle_status(setup, reply);
		return fault_strikes(FAULT_SHORT_IDLE) ||
		       fault_strikes(FAULT_SHORT_IDLE_ONCE) ?
		       STATUS_SIZE / 2 : STATUS_SIZE;
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

/* How long the block will keep the module busy; 0 if it is written. */
static unsigned int busy_ms(void)
{
	if (fault_strikes(FAULT_HUGE_POLL))
		return POLL_MAX;
	return dfu.synced ? 0 : module_options.poll_ms;
}

static int sync_block(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	unsigned int ms = busy_ms();

	if (ms || fault_strikes(FAULT_POLL_FOREVER)) {
		set_state(DNBUSY);
		/* What a fault says of the time is nothing to keep to. */
		wait_until_due(module_options.poll_ms);
		download_wait(ms);
		return put_status(setup, reply, DNBUSY, ms);
	}

	if (fault_strikes_at(FAULT_STATUS_ERROR, dfu.nr_blocks - 1)) {
		fail(ERR_WRITE);
		return get_status(setup, reply);
	}

	set_state(DNLOAD_IDLE);
	if (fault_strikes(FAULT_STATUS_LIE))
		return put_status(setup, reply, UPLOAD_IDLE, 0);
	get_idle_status(setup, reply);
	return fault_strikes(FAULT_STATUS_SHORT) ? STATUS_SIZE / 2 :
						   STATUS_SIZE;
}

static int dnload_sync(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case GETSTATUS:
		return sync_block(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

static int dnload_idle(const struct usb_ctrlrequest *setup,
		       const uint8_t *data, uint8_t *reply)
{
	switch (setup->bRequest) {
	case DNLOAD:
		return setup->wLength ? dnload(setup, data) : end_of_image();
	case ABORT:
		return to_idle();
	case GETSTATUS:
		return get_idle_status(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

/* DFU mode: manifestation. */

static int sync_manifestation(const struct usb_ctrlrequest *setup,
			      uint8_t *reply)
{
	const unsigned int ms = module_options.manifest_ms;

	if (dfu.synced) {
		set_state(DFU_IDLE);
		return get_status(setup, reply);
	}

	set_state(MANIFEST);
	wait_until_due(ms);
	timer_arm(&timer, ms);
	screen_begin_steps(ms);
	return put_status(setup, reply, MANIFEST, ms);
}

static int manifest_sync(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case GETSTATUS:
		return sync_manifestation(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	default:
		return stall();
	}
}

static int error(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case GETSTATUS:
		return get_status(setup, reply);
	case GETSTATE:
		return get_state(setup, reply);
	case CLRSTATUS:
		return to_idle();
	default:
		return stall();
	}
}

int dfu_request(const struct usb_ctrlrequest *setup, const uint8_t *data,
		uint8_t *reply)
{
	elapse();
	if (loop_now() < dfu.quiet_until)
		return violation("request before bwPollTimeout");

	switch (dfu.state) {
	case APP_IDLE:
		return app_idle(setup, reply);
	case APP_DETACH:
		return app_detach(setup, reply);
	case DFU_IDLE:
		return dfu_idle(setup, data, reply);
	case DNLOAD_SYNC:
		return dnload_sync(setup, reply);
	case DNBUSY:
		return violation("request before bwPollTimeout in dfuDNBUSY");
	case DNLOAD_IDLE:
		return dnload_idle(setup, data, reply);
	case MANIFEST_SYNC:
		return manifest_sync(setup, reply);
	case MANIFEST:
		return violation("request before bwPollTimeout in dfuMANIFEST");
	case MANIFEST_WAIT_RESET:
		return fault_strikes(FAULT_SILENT_WAIT_RESET) ?
		       URB_UNANSWERED : -EPIPE;
	case UPLOAD_IDLE:
		return stall();
	case ERROR:
		return error(setup, reply);
	}

	return -EPIPE;
}

enum mode dfu_mode_after_reset(void)
{
	elapse();

	if (dfu.state == APP_IDLE)
		return MODE_APPLICATION;
	if (dfu.state == APP_DETACH)
		return fault_strikes(FAULT_LATE_RESET) ? MODE_APPLICATION :
							 MODE_DFU;
	return flash.whole ? MODE_APPLICATION : MODE_DFU;
}

void dfu_start(enum mode mode, bool corrupt)
{
	dfu.nr_blocks = 0;
	dfu.quiet_until = 0;
	dfu.status = corrupt ? ERR_FIRMWARE : OK;
	if (mode == MODE_APPLICATION)
		set_state(APP_IDLE);
	else
		set_state(corrupt ? ERROR : DFU_IDLE);
}

void dfu_stop(void)
{
	timer_disarm(&timer);
	screen_settle();
}
