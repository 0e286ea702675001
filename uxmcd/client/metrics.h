/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to measure, for Prometheus.
 */
#ifndef UXMC_METRICS_H
#define UXMC_METRICS_H

#include <stdio.h>

#include "view.h"

#define METRICS_COUNTS_MAX	16

/**
 * struct metrics - see above
 * @view: what there is
 * @count: numbers of uxmcd, as reply.h has them
 * @has_last: there has been an update: the next three are about the last one
 * @when: seconds since 1970; 0 if the clock had not been set
 * @seconds: how long it took
 * @done: it went well
 */
struct metrics {
	struct view view;
	size_t count;
	struct metrics_count {
		char name[32];
		uint64_t number;
	} counts[METRICS_COUNTS_MAX];
	bool has_last;
	uint64_t when;
	uint64_t seconds;
	bool done;
};

/* Looks at all of it. What is in @metrics is to be given back with metrics_clear(). */
void metrics_read(struct metrics *metrics, const char *control);
void metrics_clear(struct metrics *metrics);

enum metrics_format {
	METRICS_PROMETHEUS,	/* its text format, 0.0.4 */
	METRICS_OPEN,		/* OpenMetrics 1.0 */
};

void metrics_write(FILE *out, const struct metrics *metrics, enum metrics_format format);

#endif
