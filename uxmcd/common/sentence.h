/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences that are said in more than one place.
 */
#ifndef UXMC_SENTENCE_H
#define UXMC_SENTENCE_H

#include <inttypes.h>

/* uxmcd is locked in; the tool sees more. */
#define SENTENCE_NO_DRIVER \
	"the driver is not loaded: uxmcctl status says why"

#define SENTENCE_BUSY \
	"an update is under way: wait for it, or cancel it"

/* "image" or "file"; its size, image_size_max */
#define SENTENCE_TOO_LARGE(what) \
	"the " what " has %" PRIu64 " bytes, " \
	"more than the %" PRIu64 " of image_size_max in uxmcd.conf"

#define SENTENCE_NO_HTTP \
	"the URL is http, which allow_http = no in uxmcd.conf forbids: give an https URL"

/* "image" or "file"; its size, image_size_min */
#define SENTENCE_TOO_SMALL \
	"the %s has %" PRIu64 " bytes, fewer than the %" PRIu64 \
	" of image_size_min in uxmcd.conf: it is not an image"

/* state_dir; bytes needed, bytes free */
#define SENTENCE_NO_ROOM \
	"not enough space in %.100s: " \
	"%" PRIu64 " bytes are needed, %" PRIu64 " are free"

#endif
