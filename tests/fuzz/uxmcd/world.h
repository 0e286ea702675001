/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is around uxmcd in the fuzzer, all of it fake and in one process: driver and
 * modules, uxmc-fetch and servers, clients, clock and disk. What they do is taken
 * from the fuzzer's input; when that is at its end they all behave, and uxmcd has to
 * come to rest.
 */
#ifndef UXMC_WORLD_H
#define UXMC_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module.h"

/* From the input; 0 at its end. */
uint8_t world_byte(void);
bool world_ended(void);

/* Images have to be signed. */
bool world_wants_signatures(void);

/* Something that must never be; never returns. */
void world_wrong(const char *what, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/*
 * The clock: milliseconds since the boot, and what uxmcd wants to be woken at (0:
 * never); and since the beginning, whatever was booted meanwhile
 */
uint64_t clock_now(void);
uint64_t clock_alarm(void);
uint64_t clock_wall(void);
void clock_advance(uint64_t milliseconds);
void clock_boot(void);
void clock_reset(void);

/* Nothing has come in: one thing happens. */
void world_act(void);

/* The disk: while it is bad nothing new can be written. */
void disk_break(bool bad);
bool disk_was_bad(void);
void disk_make(void);
bool disk_has(const char *name);
/* The first byte of an image; 0: there is none */
unsigned int disk_image(const char *name);
/* Is it of so many such bytes, and no more? */
bool disk_is_made_of(const char *name, unsigned char byte, size_t count);
size_t disk_images(void);
/* Of the state directory, this process's own */
const char *disk_path(void);

/*
 * The driver. An update has to have a reason: a person asked (after which what is
 * provisioned is another one), what is provisioned has changed, or the last one did
 * not end well as far as uxmcd could see.
 */
void driver_reset(size_t modules, bool nameless);
const struct module *driver_module(size_t module);
void driver_act(uint8_t what);
bool driver_work(void);			/* one step towards the end; false: at rest */
void driver_give_reasons(unsigned int count);
void driver_restart(void);
void driver_boot(void);			/* after a power cut */

/* A person has asked for an update, which no pin is for. */
void driver_be_asked(void);
bool driver_was_asked(void);

/*
 * It is to flash the module with the image in that file of the firmware directory, and
 * may not if there is no reason; and the module has all of it: does it take it?
 */
void world_flash(size_t module, const char *url, const char *file,
		 unsigned int *reasons);
bool world_takes(unsigned int image);

/* Servers, as uxmc-fetch tells of them */
void fetch_reset(void);
bool fetch_is_volatile(void);

/* What is flashed has to be what somebody vouches for, where that is asked for. */
void fetch_check_trust(const char *file);
void fetch_act(uint8_t what);
bool fetch_work(void);
void fetch_mend(void);			/* no file is missing */

/* Clients of the control socket */
void clients_reset(void);
void clients_act(uint8_t what);
bool clients_listen(void);
void clients_check(void);
void clients_close_all(void);

#endif
