/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often modules were flashed, and whether that is more often than uxmcd says it
 * ever is (daemon/store/attempts.h): by the clock on the wall, whatever was restarted,
 * booted, plugged in again or could not be stored meanwhile.
 */
#ifndef UXMC_WEAR_H
#define UXMC_WEAR_H

#include <stdbool.h>
#include <stddef.h>

#define WEAR_MODULES	4

/**
 * struct wear - the most there has ever been, of any module
 * @flashes: in all
 * @day: within any 24 hours
 * @day_url: within any 24 hours, from one URL
 * @image: of one image from one URL, one after another, within any week
 */
struct wear {
	unsigned int flashes;
	unsigned int day;
	unsigned int day_url;
	unsigned int image;
};

extern struct wear wear;

/* No module has been flashed. */
void wear_reset(void);

/*
 * A person asks for an update, which may be resumed three times; or has all forgotten. A
 * flash may come before uxmcd hears of it.
 */
#define WEAR_ASKED	5
#define WEAR_FORGOTTEN	1

/* A person has asked: what was before does not count, nor do so many that follow. */
void wear_person(unsigned int flashes);

/*
 * The module is about to be flashed with that image; world_wrong() if it may not be.
 * @named: it has a serial number now.
 */
void wear_flash(size_t module, const char *url, unsigned int image, bool named);

/*
 * One with a serial number comes with firmware: it cannot be told from another one that
 * was put in the place of the one that was flashed without.
 */
void wear_replaced(size_t module);

#endif
