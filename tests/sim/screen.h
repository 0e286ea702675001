/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's screen, as text on standard output; see --screen. */
#ifndef SIM_SCREEN_H
#define SIM_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

void screen_enable(void);

/* Show a line, if it is not the one that is shown. */
void screen_show(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Show how much was received: soon, not for every block. */
void screen_received(uint64_t bytes);

/* Show the steps of an update that takes so long, from now on. */
void screen_begin_steps(unsigned int ms);

/* All of them are done. */
void screen_end_steps(void);

/* No more steps, no more counting; show the last count. */
void screen_settle(void);

#endif
