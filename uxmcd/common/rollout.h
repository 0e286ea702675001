/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rollout: which share of all phones an image is for. Each phone has a place of its
 * own for each image, and is among the N per cent if that is below N: so a larger N is
 * for the same phones, and more. Pure.
 */
#ifndef UXMC_ROLLOUT_H
#define UXMC_ROLLOUT_H

#include <stdbool.h>

#define ROLLOUT_ALL	100U

/* For sentences */
#define ROLLOUT_WANTS	"a share of all phones is a number of per cent, 0 to 100"

/**
 * struct rollout - see above; all zero: the image is for all phones
 * @limited: it may be for fewer of them
 * @percent: for how many then, 0 to ROLLOUT_ALL
 */
struct rollout {
	bool limited;
	unsigned int percent;
};

/* -EINVAL if it is no number of one to three digits, or too large. */
int rollout_parse(const char *text, struct rollout *rollout);

/*
 * The place of the phone with that MAC address, twelve digits in capitals, for the image
 * of that URL, in which {mac} is not expanded: 0 to 99. Of the MD5 of "MAC:URL" (RFC
 * 1321) the first four bytes, as a big-endian number, times 100 / 2^32.
 */
unsigned int rollout_place(const char *mac, const char *url);

#endif
