/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that grows: HTML, whose values are escaped, and others. Pure.
 */
#ifndef UXMC_MARKUP_H
#define UXMC_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct markup - all zeros to begin with
 * @text: with a NUL after it; NULL as long as there is none
 * @failed: memory was short, or a format is not known: there is nothing to be sent
 */
struct markup {
	char *text;
	size_t length;
	size_t size;
	bool failed;
};

/*
 * Appends, with %s escaped so that it is text, or the value of an attribute between
 * quotes, whatever is in it. Besides there are %u, %d, %lu, %llu and %%.
 */
void markup(struct markup *markup, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Appends as it is. */
void markup_raw(struct markup *markup, const char *text);

void markup_clear(struct markup *markup);

#endif
