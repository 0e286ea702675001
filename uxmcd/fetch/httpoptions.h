/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libcurl is told of a request, but for what is done with the answer.
 */
#ifndef UXMC_HTTPOPTIONS_H
#define UXMC_HTTPOPTIONS_H

#include <curl/curl.h>

#include "credentials.h"

/**
 * struct httpoptions - one request
 * @easy: libcurl's handle
 * @code: of the first option that could not be set; none is set any more then
 */
struct httpoptions {
	CURL *easy;
	CURLcode code;
};

/* Each sets one option. */
void httpoptions_text(struct httpoptions *options, CURLoption option,
		      const char *value);
void httpoptions_pointer(struct httpoptions *options, CURLoption option,
			 void *value);
void httpoptions_function(struct httpoptions *options, CURLoption option,
			  curl_write_callback function);

/* All that follow from what is asked for, and from the URL that it now goes to. */
void httpoptions_set(struct httpoptions *options,
		     const struct fetchwire_request *request,
		     const struct credentials *credentials, const char *url);

#endif
