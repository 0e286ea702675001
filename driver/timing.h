/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_TIMING_H
#define _UXMC_TIMING_H

/**
 * struct uxmc_timing - how long the driver waits for what, in milliseconds
 * @request: for uxmcd to take up a request
 * @control: for the answer to one control transfer
 * @block: for one block to be written, its polling included
 * @manifest: for manifestation
 * @reboot: for the module to change between its modes, each way
 *
 * Each is a module parameter (main.c). DFU 1.1 gives no upper bounds and no
 * real module has been measured, so the values are generous.
 */
struct uxmc_timing {
	unsigned int request;
	unsigned int control;
	unsigned int block;
	unsigned int manifest;
	unsigned int reboot;
};

extern struct uxmc_timing uxmc_timing;

#endif /* _UXMC_TIMING_H */
