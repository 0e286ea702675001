// SPDX-License-Identifier: GPL-2.0-or-later
#include "states.h"

const char *const state_names[] = {
	[APP_IDLE] = "appIDLE",
	[APP_DETACH] = "appDETACH",
	[DFU_IDLE] = "dfuIDLE",
	[DNLOAD_SYNC] = "dfuDNLOAD-SYNC",
	[DNBUSY] = "dfuDNBUSY",
	[DNLOAD_IDLE] = "dfuDNLOAD-IDLE",
	[MANIFEST_SYNC] = "dfuMANIFEST-SYNC",
	[MANIFEST] = "dfuMANIFEST",
	[MANIFEST_WAIT_RESET] = "dfuMANIFEST-WAIT-RESET",
	[UPLOAD_IDLE] = "dfuUPLOAD-IDLE",
	[ERROR] = "dfuERROR",
};

const char *const status_names[] = {
	[OK] = "OK",
	[ERR_FILE] = "errFILE",
	[ERR_WRITE] = "errWRITE",
	[ERR_PROG] = "errPROG",
	[ERR_VERIFY] = "errVERIFY",
	[ERR_NOTDONE] = "errNOTDONE",
	[ERR_FIRMWARE] = "errFIRMWARE",
	[ERR_STALLEDPKT] = "errSTALLEDPKT",
};
