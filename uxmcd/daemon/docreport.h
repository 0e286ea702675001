/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences about a settings file. URLs in them are without passwords.
 */
#ifndef UXMC_DOCREPORT_H
#define UXMC_DOCREPORT_H

#include "document.h"

#define DOCREPORT_SIZE	512

/* What came of the last look at it; to be used before the next call. */
const char *docreport_look(const struct document *document);

/* And what that means for what it said, or might say. */
const char *docreport_effect(const struct document *document, uint64_t now);

/* Why it failed, with its URL if @named, or if something in it is to be mended */
const char *docreport_failure(const struct document *document, bool named);

/* ", firmware_uxm is ..." */
const char *docreport_image(const struct provision *said);

#endif
