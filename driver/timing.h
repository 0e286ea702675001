/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_TIMING_H
#define _UXMC_TIMING_H

#include <linux/types.h>

/**
 * struct uxmc_timing - how long the driver waits for what, in milliseconds
 * @request: for uxmcd to take up a request
 * @control: for the answer to one control transfer
 * @block: for one block to be written, its polling included; also for a module
 *	in DFU mode to get ready
 * @manifest: for manifestation, its polling included
 * @reboot: for the module to change between its modes, each way
 * @rate: bytes per second that a module has to take at least, on average
 *
 * Each is a module parameter with bounds (timing.c). DFU 1.1 gives no upper
 * bounds and no real module has been measured, so the values are generous.
 */
struct uxmc_timing {
	unsigned int request;
	unsigned int control;
	unsigned int block;
	unsigned int manifest;
	unsigned int reboot;
	unsigned int rate;
};

extern struct uxmc_timing uxmc_timing;

unsigned int uxmc_timing_download(size_t size);

#endif /* _UXMC_TIMING_H */
