/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe of the server: is the image there another one than that with which a
 * module was flashed as often as it may be? Nothing of it is fetched.
 */
#ifndef UXMC_PROBE_H
#define UXMC_PROBE_H

#include "attempts.h"
#include "fetcher.h"

/**
 * struct probe - see above
 * @attempt: as it was when the probe began
 * @changed: the image is another one
 * @found: is called when that has turned out
 */
struct probe {
	struct fetcher fetcher;
	const struct config *config;
	struct attempt attempt;
	bool changed;
	void (*found)(void *context, uint64_t target);
	void *context;
};

void probe_open(struct probe *probe, const struct fetcher_needs *needs,
		void (*found)(void *context, uint64_t target), void *context);
void probe_close(struct probe *probe);

/*
 * Begins one, unless one is under way or nothing is known of the image that was
 * flashed. @modules: how many there are.
 */
void probe_start(struct probe *probe, const char *url,
		 const struct attempt *attempt, size_t modules);

#endif
