// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "dfu.h"
#include "download.h"
#include "faults.h"
#include "flash.h"
#include "log.h"
#include "loop.h"
#include "module.h"
#include "screen.h"
#include "usb.h"

#define OTHER_SERIAL	"OTHER0001"

/*
 * A host that loses a URB to a closed socket may wait 5 s for it. So the
 * module first fails what the host asks for, until it asks for nothing more,
 * and then closes.
 */
#define QUIET_MS	30
#define QUIET_ROUNDS	15

/* A host that has not seen it off the bus takes it for what it was before. */
#define OFF_LEAST_MS	120
#define REPLUG_MS	200
#define VACANT_MS	20
#define VACANT_ROUNDS	500

struct module_options module_options;
static const struct transport *transport;

enum presence {
	OFF,
	ON,
	LEAVING,
};

/* What follows once it is off the bus. */
enum plan {
	STAY_OFF,
	COME_BACK,
	PLUG_ANEW,
	EXIT,
};

static enum mode mode;
static enum presence presence;
static enum plan plan;
static enum mode next_mode;
static const char *serial;
static bool manifested;
static unsigned int rounds;

static void leave_step(void);
static void attach_step(void);
static struct timer leave_timer = { .fire = leave_step };
static struct timer attach_timer = { .fire = attach_step };

enum mode module_mode(void)
{
	return mode;
}

const char *module_serial(void)
{
	return serial;
}

static void choose_serial(void)
{
	serial = flash.serial[0] ? flash.serial : NULL;
	if (mode == MODE_DFU && module_options.no_dfu_serial)
		serial = NULL;
	if (mode == MODE_DFU && fault_strikes(FAULT_OTHER_SERIAL))
		serial = OTHER_SERIAL;
	if (manifested && fault_strikes(FAULT_OTHER_SERIAL_APP))
		serial = OTHER_SERIAL;
}

/* From now on the module is this one to whoever looks. */
static void enter_mode(enum mode new_mode, bool corrupt)
{
	mode = new_mode;
	choose_serial();
	manifested = false;
	dfu_start(mode, corrupt);
	usb_start();
}

static void announce_mode(void)
{
	if (mode == MODE_DFU) {
		log_event("attached dfu");
		screen_show("Waiting for an update");
		return;
	}

	log_event("attached app %s", flash.version);
	screen_show("Firmware %s", flash.version);
}

static void power_on(void)
{
	next_mode = flash.whole ? MODE_APPLICATION : MODE_DFU;
}

static void attach_failed(int ret)
{
	if (ret == -ENOENT)
		(void)fprintf(stderr, "uxmc-sim: %s\n", transport->absent);
	else
		(void)fprintf(stderr, "uxmc-sim: cannot plug into %s: %s\n",
			      transport->place, strerror(-ret));
	loop_stop(1);
}

/* Plug in as next_mode says, or try again a little later. */
static void attach_step(void)
{
	int ret = -EBUSY;

	if (rounds == VACANT_ROUNDS || transport->vacant())
		ret = transport->attach(module_options.speed);
	if (ret == -EBUSY && rounds < VACANT_ROUNDS) {
		rounds++;
		timer_arm(&attach_timer, VACANT_MS);
		return;
	}
	if (ret) {
		attach_failed(ret);
		return;
	}

	presence = ON;
	enter_mode(next_mode, next_mode == MODE_DFU && !flash.whole);
	announce_mode();
}

static void attach_in(unsigned int ms)
{
	rounds = 0;
	timer_arm(&attach_timer, ms);
}

static void off(void)
{
	transport->detach();
	dfu_stop();
	timer_disarm(&leave_timer);
	presence = OFF;

	switch (plan) {
	case STAY_OFF:
		log_event("off");
		break;
	case COME_BACK:
		log_event("off");
		attach_in(module_options.reboot_ms > OFF_LEAST_MS ?
			  module_options.reboot_ms : OFF_LEAST_MS);
		break;
	case PLUG_ANEW:
		log_event("unplugged");
		faults_end_all();
		manifested = false;
		power_on();
		attach_in(REPLUG_MS);
		break;
	case EXIT:
		log_event("unplugged");
		loop_stop(0);
		break;
	}
}

static void leave_step(void)
{
	if (presence == ON) {
		presence = LEAVING;
		rounds = 0;
		transport->refuse();
	} else if (!transport->take_refused() || ++rounds == QUIET_ROUNDS) {
		off();
		return;
	}

	timer_arm(&leave_timer, QUIET_MS);
}

/*
 * Leaving begins only when the loop gets to it: the host still gets the
 * answer to what it asked for.
 */
static void leave(enum plan new_plan)
{
	plan = new_plan;
	if (presence == ON)
		timer_arm(&leave_timer, 0);
	else if (presence == OFF)
		off();
}

void module_leave(enum departure departure)
{
	bool gone;

	/* It is leaving already: somebody unplugs it. */
	if (presence != ON || timer_armed(&leave_timer))
		return;

	gone = departure == TO_DFU_MODE ?
	       fault_strikes(FAULT_NO_RETURN_DFU) :
	       manifested && fault_strikes(FAULT_NO_RETURN);
	next_mode = departure == TO_DFU_MODE || !flash.whole ? MODE_DFU :
							       MODE_APPLICATION;
	if (manifested)
		screen_show("Update successful, rebooting...");
	leave(gone ? STAY_OFF : COME_BACK);
}

void module_vanish(void)
{
	plan = STAY_OFF;
	off();
}

void module_manifested(const char *version)
{
	char old[FLASH_TEXT_MAX + 1];

	log_event("verified %s", version);
	memcpy(old, flash.version, sizeof(old));
	manifested = true;

	if (fault_strikes(FAULT_BACK_IN_DFU))
		return;
	flash_finish(fault_strikes(FAULT_OLD_VERSION) ? old : version);
}

void module_reset(void)
{
	const enum mode after = dfu_mode_after_reset();

	log_event("reset");
	faults_end();

	if (after != mode && after == MODE_DFU &&
	    fault_strikes(FAULT_NO_RETURN_DFU)) {
		module_vanish();
		return;
	}
	if (manifested && fault_strikes(FAULT_NO_RETURN)) {
		module_vanish();
		return;
	}

	if (after == mode) {
		enter_mode(after, after == MODE_DFU);
		return;
	}

	if (manifested)
		screen_show("Update successful, rebooting...");
	enter_mode(after, false);
	announce_mode();
}

/* It starts no more, though it was all there before. */
static void fall_back(void)
{
	flash_erase();
	next_mode = MODE_DFU;
	leave(COME_BACK);
}

void module_signalled(int number)
{
	static bool ending;

	if (number == SIGUSR2) {
		if (presence == ON && !timer_armed(&leave_timer))
			fall_back();
		return;
	}
	if (number != SIGUSR1)
		ending = true;

	/* It has no power from now on. */
	dfu_stop();
	timer_disarm(&attach_timer);
	leave(ending ? EXIT : PLUG_ANEW);
}

int module_fd(void)
{
	return transport->fd();
}

void module_readable(void)
{
	static const struct device device = {
		.serve = usb_serve,
		.answered = download_digest,
		.reset = usb_reset,
	};
	int ret = transport->receive(&device);

	if (!ret)
		return;

	(void)fprintf(stderr, "uxmc-sim: the host closed %s: %s\n",
		      transport->place, strerror(-ret));
	plan = STAY_OFF;
	off();
	loop_stop(1);
}

int module_start(const struct transport *into)
{
	struct flash factory = { .whole = !module_options.start_in_dfu };
	const char *number = module_options.no_serial ? "" :
						       module_options.serial;
	int ret;

	transport = into;
	module_options.reset_latency_ms = into->reset_latency_ms;
	(void)snprintf(factory.version, sizeof(factory.version), "%s",
		       module_options.version);
	(void)snprintf(factory.serial, sizeof(factory.serial), "%s", number);
	ret = flash_load(module_options.state_path, &factory);
	if (ret) {
		(void)fprintf(stderr, "uxmc-sim: %s: %s\n",
			      module_options.state_path, strerror(-ret));
		return ret;
	}

	power_on();
	attach_in(0);
	return 0;
}
