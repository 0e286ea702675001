/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the signature of an image comes in: fetched, from beside the image, or in front
 * of a file that is handed in. What is in it is not looked at here.
 */
#ifndef UXMC_SIGINTAKE_H
#define UXMC_SIGINTAKE_H

#include "fetcher.h"

/**
 * struct sigintake - see above
 * @verdict: VERDICT_RUNNING while it is fetched; then how that went
 * @owed: bytes that are to come in front of a file
 * @size: bytes that are there
 */
struct sigintake {
	struct fetcher fetcher;
	void (*heard)(void *context);
	void *context;
	struct verdict verdict;
	size_t owed;
	size_t size;
	char text[FETCHWIRE_SIGNATURE_MAX];
};

/* @heard is called when a fetch is over. */
void sigintake_open(struct sigintake *sigintake,
		    const struct fetcher_needs *needs,
		    void (*heard)(void *context), void *context);

/*
 * Fetches that of the image from @url, in which {mac} is expanded. It may be over at
 * once, and @heard is not called then.
 */
void sigintake_fetch(struct sigintake *sigintake, const char *url,
		     const char *user_agent);

/* So many bytes of it come in front of a file, at most FETCHWIRE_SIGNATURE_MAX. */
void sigintake_expect(struct sigintake *sigintake, size_t size);

/* Takes its next bytes from those that have come; gives how many these were. */
size_t sigintake_take(struct sigintake *sigintake, const char *data,
		      size_t count);

/* Ends what runs. */
void sigintake_stop(struct sigintake *sigintake);

#endif
