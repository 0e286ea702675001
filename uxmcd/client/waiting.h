/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module whose update waits to be confirmed. */
#ifndef UXMC_WAITING_H
#define UXMC_WAITING_H

#include "view.h"

/* Its port, which says which of several it is; "": it has gone meanwhile. */
const char *waiting_port(const struct view *view);

#endif
