/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said of a module and its update.
 */
#ifndef UXMC_MODULE_WORDS_H
#define UXMC_MODULE_WORDS_H

#include "module.h"
#include "words.h"

/* What the update is at, for people. */
enum word state_word(enum uxmc_state state);

/* The mode that it is in. */
enum word mode_word(enum uxmc_mode mode);

/* Can its update be cancelled still? */
bool is_cancellable(const struct module *module);

#endif
