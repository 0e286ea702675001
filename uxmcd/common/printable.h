/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others said, made fit for a terminal. Pure.
 */
#ifndef UXMC_PRINTABLE_H
#define UXMC_PRINTABLE_H

/* Control characters but tabs, and what is not UTF-8, become question marks. */
void printable(char *text);

#endif
