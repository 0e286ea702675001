// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "faults.h"
#include "log.h"
#include "options.h"

/* How long a fault is there, once it has shown. */
enum span {
	ONCE,		/* it shows once */
	DOWNLOAD,	/* until the host aborts, clears the error or resets */
	PLUGGED,	/* until the module is plugged in anew */
};

static const struct {
	const char *name;
	bool at_block;
	enum span span;
	const char *help;
} kinds[NR_FAULTS] = {
	[FAULT_STALL] = { "stall", true, ONCE,
		"block N is stalled" },
	[FAULT_VANISH] = { "vanish", true, ONCE,
		"the module is gone from the bus at block N" },
	[FAULT_HANG] = { "hang", true, ONCE,
		"block N is never answered" },
	[FAULT_STATUS_SHORT] = { "status-short", false, DOWNLOAD,
		"after a block, GETSTATUS gives 3 bytes of 6" },
	[FAULT_STATUS_LIE] = { "status-lie", false, DOWNLOAD,
		"after a block, GETSTATUS says dfuUPLOAD-IDLE" },
	[FAULT_STATUS_ERROR] = { "status-error", true, ONCE,
		"block N cannot be written: errWRITE" },
	[FAULT_MANIFEST_ERROR] = { "manifest-error", false, ONCE,
		"manifestation fails: errPROG" },
	[FAULT_NO_RETURN_DFU] = { "no-return-dfu", false, PLUGGED,
		"never comes back after the detach" },
	[FAULT_NO_RETURN] = { "no-return", false, PLUGGED,
		"never comes back after manifestation" },
	[FAULT_OTHER_SERIAL] = { "other-serial", false, PLUGGED,
		"has another serial number in DFU mode" },
	[FAULT_OTHER_SERIAL_APP] = { "other-serial-app", false, PLUGGED,
		"has another serial number after manifestation" },
	[FAULT_OLD_VERSION] = { "old-version", false, ONCE,
		"runs the old version after manifestation" },
	[FAULT_BACK_IN_DFU] = { "back-in-dfu", false, ONCE,
		"is in DFU mode again after manifestation" },
	[FAULT_HANG_DETACH] = { "hang-detach", false, ONCE,
		"DETACH is never answered" },
	[FAULT_ZERO_TRANSFER_SIZE] = { "zero-transfer-size", false, PLUGGED,
		"wTransferSize is 0" },
	[FAULT_HUGE_TRANSFER_SIZE] = { "huge-transfer-size", false, PLUGGED,
		"wTransferSize is 65535, but it stalls above 4096" },
	[FAULT_BAD_DESCRIPTOR] = { "bad-descriptor", false, PLUGGED,
		"the functional descriptor is 3 bytes long" },
	[FAULT_BAD_DESCRIPTOR_DFU] = { "bad-descriptor-dfu", false, PLUGGED,
		"the same, in DFU mode only" },
	[FAULT_POLL_FOREVER] = { "poll-forever", false, DOWNLOAD,
		"dfuDNBUSY for ever" },
	[FAULT_HUGE_POLL] = { "huge-poll", false, DOWNLOAD,
		"dfuDNBUSY with a bwPollTimeout of 0xffffff" },
	[FAULT_NO_ANSWER] = { "no-answer", true, ONCE,
		"block N is never answered, but its GETSTATUS is" },
	[FAULT_SHORT_IDLE] = { "short-idle", false, PLUGGED,
		"in dfuIDLE, GETSTATUS gives 3 bytes of 6" },
	[FAULT_SHORT_IDLE_ONCE] = { "short-idle-once", false, ONCE,
		"the same, once" },
	[FAULT_LATE_RESET] = { "late-reset", false, ONCE,
		"the reset after DETACH comes after wDetachTimeOut" },
	[FAULT_LATE_LEAVE] = { "late-leave", false, ONCE,
		"DETACH fails on the bus, which the module leaves 2 s later" },
	[FAULT_SILENT_WAIT_RESET] = { "silent-wait-reset", false, PLUGGED,
		"answers nothing in dfuMANIFEST-WAIT-RESET" },
	[FAULT_VERSION_STALL] = { "version-stall", false, PLUGGED,
		"the string that has the version is stalled" },
};

static struct {
	bool armed;
	bool shown;
	unsigned int block;
} faults[NR_FAULTS];

static const char *add(enum fault fault, const char *number)
{
	const bool given = number;

	if (kinds[fault].at_block != given)
		return number ? "takes no number" :
				"needs a block's number, as in stall:100";
	if (number && !options_number(number, 10, 0, 0x7fffffff,
				      &faults[fault].block))
		return "has something else than a number after the colon";

	faults[fault].armed = true;
	return NULL;
}

const char *faults_add(const char *text)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	unsigned int i;

	for (i = 0; i < NR_FAULTS; i++)
		if (strlen(kinds[i].name) == length &&
		    !strncmp(kinds[i].name, text, length))
			return add(i, colon ? colon + 1 : NULL);

	return "is no fault; --help lists them";
}

void faults_help(void)
{
	char left[40];
	unsigned int i;

	printf("\nFaults (--fault may be given more than once):\n");
	for (i = 0; i < NR_FAULTS; i++) {
		(void)snprintf(left, sizeof(left), "%s%s", kinds[i].name,
			       kinds[i].at_block ? ":N" : "");
		printf("  %-24s %s\n", left, kinds[i].help);
	}
	printf("Blocks count from 0, and do not wrap. A fault shows in one update; then the\n"
	       "module is sound, at the latest once it is plugged in anew (SIGUSR1).\n");
}

bool fault_strikes(enum fault fault)
{
	if (!faults[fault].armed)
		return false;

	if (!faults[fault].shown)
		log_event("fault %s", kinds[fault].name);
	faults[fault].shown = true;

	if (kinds[fault].span == ONCE)
		faults[fault].armed = false;
	return true;
}

bool fault_strikes_at(enum fault fault, unsigned int block)
{
	return faults[fault].armed && faults[fault].block == block &&
	       fault_strikes(fault);
}

static void end(enum span longest)
{
	unsigned int i;

	for (i = 0; i < NR_FAULTS; i++)
		if (faults[i].shown && kinds[i].span <= longest)
			faults[i].armed = false;
}

void faults_end(void)
{
	end(DOWNLOAD);
}

void faults_end_all(void)
{
	end(PLUGGED);
}
