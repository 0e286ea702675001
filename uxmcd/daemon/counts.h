/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has happened since uxmcd was started, in numbers.
 */
#ifndef UXMC_COUNTS_H
#define UXMC_COUNTS_H

#include <stdint.h>

/**
 * struct counts - see above
 * @done: updates that ended well
 * @failed: that did not
 * @cancelled: that a person ended
 * @seconds: that those took which ended well
 * @bytes: of their images
 * @lookups: that came to a decision
 * @lookup_failures: that did not
 * @looked: when the last one ended (loop_now()); 0: none has
 */
struct counts {
	uint64_t done;
	uint64_t failed;
	uint64_t cancelled;
	uint64_t seconds;
	uint64_t bytes;
	uint64_t lookups;
	uint64_t lookup_failures;
	uint64_t looked;
};

#endif
