/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cmocka.h needs before it, and what several tests share.
 */
#ifndef UXMC_UNIT_H
#define UXMC_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A directory of its own for a test; teardown removes it with what is in it. */
int unit_make_dir(void **state);
int unit_remove_dir(void **state);

/* Its descriptor. */
int unit_dir(void **state);

void unit_write(int dir, const char *name, const char *text);

/* 1 if there is a file of that name. */
int unit_exists(int dir, const char *name);

#endif
