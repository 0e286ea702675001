/* SPDX-License-Identifier: GPL-2.0-only */
/* The requests of DFU 1.1, for the files that make up the DFU host. */
#ifndef _UXMC_DFU_REQUEST_H
#define _UXMC_DFU_REQUEST_H

#include "dfu.h"

/* Table 3.2, bRequest */
enum dfu_request {
	DFU_DETACH,
	DFU_DNLOAD,
	DFU_UPLOAD,
	DFU_GETSTATUS,
	DFU_CLRSTATUS,
	DFU_GETSTATE,
	DFU_ABORT,
};

/* Section 6.1.2, bState */
enum dfu_state {
	APP_IDLE,
	APP_DETACH,
	DFU_IDLE,
	DFU_DNLOAD_SYNC,
	DFU_DNBUSY,
	DFU_DNLOAD_IDLE,
	DFU_MANIFEST_SYNC,
	DFU_MANIFEST,
	DFU_MANIFEST_WAIT_RESET,
	DFU_UPLOAD_IDLE,
	DFU_ERROR,
	DFU_STATE_UNKNOWN	/* not in the standard */
};

/* Section 6.1.2, those of bStatus that are told from the others */
#define DFU_OK			0
#define DFU_ERR_STALLEDPKT	0x0f

/* Section 6.1.2, the answer to DFU_GETSTATUS */
struct uxmc_dfu_status {
	u8 bStatus;
	u8 bwPollTimeout[3];
	u8 bState;
	u8 iString;
} __packed;

/* bwPollTimeout, milliseconds */
static inline unsigned int dfu_poll_timeout(const struct uxmc_dfu_status *st)
{
	return st->bwPollTimeout[0] | st->bwPollTimeout[1] << 8 |
		st->bwPollTimeout[2] << 16;
}

/* Once it is gone: is the module still on the bus? */
static inline bool uxmc_dfu_is_unbound(const struct uxmc_dfu *dfu)
{
	return dfu->udev->state != USB_STATE_NOTATTACHED;
}

__printf(3, 4)
int uxmc_dfu_fail(struct uxmc_dfu *dfu, int err, const char *fmt, ...);
void uxmc_dfu_set_deadline(struct uxmc_dfu *dfu, unsigned int ms);
int uxmc_dfu_sleep_until(struct uxmc_dfu *dfu, ktime_t end);
int uxmc_dfu_request(struct uxmc_dfu *dfu, enum dfu_request request,
		     u16 value);
int uxmc_dfu_get_status(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st);
int uxmc_dfu_submit_blocks(struct uxmc_dfu *dfu);
int uxmc_dfu_await_blocks(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st);
void uxmc_dfu_block_written(struct uxmc_dfu *dfu);

#endif /* _UXMC_DFU_REQUEST_H */
