/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What starts a program reads much of its libraries that has no use afterwards: the
 * linker their tables of symbols, GnuTLS 2 MB of code and tables to test itself.
 */
#ifndef UXMC_TRIM_H
#define UXMC_TRIM_H

/* Gives back the memory of code that has run: what runs again is read again. */
void trim_code(void);

#endif
