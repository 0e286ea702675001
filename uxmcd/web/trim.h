/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libmicrohttpd brings GnuTLS, whose start reads 2 MB of code and tables that plain
 * http has no use for afterwards.
 */
#ifndef UXMC_TRIM_H
#define UXMC_TRIM_H

/* Gives back the memory of code that has run: what runs again is read again. */
void trim_code(void);

#endif
