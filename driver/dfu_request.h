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

/* Section 6.1.2, the answer to DFU_GETSTATUS */
struct uxmc_dfu_status {
	u8 bStatus;
	u8 bwPollTimeout[3];
	u8 bState;
	u8 iString;
} __packed;

__printf(3, 4)
int uxmc_dfu_fail(struct uxmc_dfu *dfu, int err, const char *fmt, ...);
int uxmc_dfu_request(struct uxmc_dfu *dfu, enum dfu_request request,
		     u16 value);
int uxmc_dfu_get_status(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st);
int uxmc_dfu_submit_block(struct uxmc_dfu *dfu, u16 block, void *data, u16 len);
int uxmc_dfu_await_block(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st);

#endif /* _UXMC_DFU_REQUEST_H */
