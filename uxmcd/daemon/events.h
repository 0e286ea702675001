/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the driver tells: modules, requests, and its own coming and going.
 */
#ifndef UXMC_EVENTS_H
#define UXMC_EVENTS_H

struct uxmcd;

/* Looks for the driver and takes in all modules that it has. */
void events_start(struct uxmcd *daemon);

/* Takes in what is waiting on the events' socket. */
void events_take(struct uxmcd *daemon);

#endif
