/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http_client_user and http_client_pass: which servers may be told them.
 */
#ifndef UXMC_LOGIN_H
#define UXMC_LOGIN_H

#include "config.h"
#include "fetchwire.h"
#include "settings.h"

/*
 * Puts them into the request if its URL is of a provisioning server: of the host of
 * setting_server or firmware_status, but not by http if that is by https.
 */
void login_fill(struct fetchwire_request *request, const struct config *config,
		const struct settings *settings);

#endif
