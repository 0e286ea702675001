/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: its parts, and what they tell each other.
 */
#ifndef UXMC_UXMCD_H
#define UXMC_UXMCD_H

#include "attempts.h"
#include "config.h"
#include "control.h"
#include "fetch.h"
#include "job.h"
#include "look.h"
#include "modules.h"
#include "netlink.h"
#include "offer.h"
#include "perserial.h"
#include "settings.h"
#include "state.h"

struct uxmcd {
	struct config config;
	struct state state;
	struct settings settings;
	struct netlink netlink;
	struct modules modules;
	CURLM *multi;
	struct fetch fetch;
	struct job job;
	struct look look;
	struct offer offer;
	struct attempts attempts;
	struct perserial perserial;
	struct control control;
};

#endif
