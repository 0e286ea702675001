/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be wrong with a module. */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include <stdbool.h>

enum fault {
	FAULT_STALL,
	FAULT_VANISH,
	FAULT_HANG,
	FAULT_STATUS_SHORT,
	FAULT_STATUS_LIE,
	FAULT_STATUS_ERROR,
	FAULT_MANIFEST_ERROR,
	FAULT_NO_RETURN_DFU,
	FAULT_NO_RETURN,
	FAULT_OTHER_SERIAL,
	FAULT_OTHER_SERIAL_APP,
	FAULT_OLD_VERSION,
	FAULT_BACK_IN_DFU,
	FAULT_HANG_DETACH,
	FAULT_ZERO_TRANSFER_SIZE,
	FAULT_HUGE_TRANSFER_SIZE,
	FAULT_BAD_DESCRIPTOR,
	FAULT_BAD_DESCRIPTOR_DFU,
	FAULT_POLL_FOREVER,
	FAULT_HUGE_POLL,
	FAULT_NO_ANSWER,
	FAULT_SHORT_IDLE,
	FAULT_SHORT_IDLE_ONCE,
	FAULT_LATE_RESET,
	FAULT_LATE_LEAVE,
	FAULT_SILENT_WAIT_RESET,
	FAULT_VERSION_STALL,
	NR_FAULTS
};

/**
 * faults_add - what --fault does
 * @text: NAME, or NAME:N
 *
 * Return: NULL, or what is wrong with it.
 */
const char *faults_add(const char *text);

/* Print the names and what they mean. */
void faults_help(void);

/**
 * fault_strikes - whether the module has this fault, now that it would show
 *
 * Logs it when it does so first. A fault that shows at one moment is over
 * then; one that lasts is over at faults_end().
 */
bool fault_strikes(enum fault fault);

/* The same for a fault that belongs to one block of the download. */
bool fault_strikes_at(enum fault fault, unsigned int block);

/* The host gave up what it did: faults that last, and have shown, are over. */
void faults_end(void);

/* The module was plugged in anew: all that have shown are over. */
void faults_end_all(void);

#endif
