// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl.h"
#include "metrics.h"

/* Whatever is missing shows in what is printed. */
enum reply ctl_metrics(const struct ctl_options *options, char **args)
{
	struct metrics metrics;

	(void)args;
	metrics_read(&metrics, options->control);
	metrics_write(stdout, &metrics, METRICS_PROMETHEUS);
	metrics_clear(&metrics);
	return REPLY_OK;
}
