/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far an update is, for people: words, lines, bars. Pure.
 */
#ifndef UXMC_BAR_H
#define UXMC_BAR_H

#include <stddef.h>

#include "module.h"

/* "45 %", "2.8 MB" where the end is not known, or nothing. */
void bar_progress(const struct module *module, char *to, size_t size);

/* 0 to 100; -1 where it is not known. */
int bar_percent(const struct module *module);

/* A line with a bar in it, at most @width characters. */
void bar_draw(const struct module *module, size_t width, char *to, size_t size);

/* A line without. */
void bar_line(const struct module *module, char *to, size_t size);

#endif
