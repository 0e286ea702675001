/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of DFU 1.1, section 6.1.2, and what the specification calls them. */
#ifndef SIM_STATES_H
#define SIM_STATES_H

enum state {
	APP_IDLE,
	APP_DETACH,
	DFU_IDLE,
	DNLOAD_SYNC,
	DNBUSY,
	DNLOAD_IDLE,
	MANIFEST_SYNC,
	MANIFEST,
	MANIFEST_WAIT_RESET,
	UPLOAD_IDLE,
	ERROR,
};

/* What a module of this kind ever reports; bStatus has more values. */
enum status {
	OK = 0x00,
	ERR_FILE = 0x02,
	ERR_WRITE = 0x03,
	ERR_PROG = 0x06,
	ERR_VERIFY = 0x07,
	ERR_NOTDONE = 0x09,
	ERR_FIRMWARE = 0x0a,
	ERR_STALLEDPKT = 0x0f,
};

extern const char *const state_names[];
extern const char *const status_names[];

#endif
