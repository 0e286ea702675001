/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs that web_user alone may use: see reply.h.
 */
#ifndef UXMC_VERBS_WEB_H
#define UXMC_VERBS_WEB_H

struct order;

void verbs_visitor(const struct order *order);
void verbs_password(const struct order *order);
void verbs_digest(const struct order *order);
void verbs_login(const struct order *order);
void verbs_logout(const struct order *order);

#endif
