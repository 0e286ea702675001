/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdicts on what a server answered, or failed to answer. Pure, but for the
 * clock and the network that a failure may be the fault of.
 */
#ifndef UXMC_HTTPVERDICT_H
#define UXMC_HTTPVERDICT_H

#include <curl/curl.h>
#include <stdint.h>

#include "certfile.h"

/**
 * struct httpfailure - an error of libcurl's
 * @status: of the answer that had come; 0: none
 * @resolved: the server's name was
 * @tunnel: the status that a proxy answered with when a tunnel was asked for; or 0
 * @proxy: a CURLproxycode, of what a SOCKS proxy is in the way by; or 0
 * @error: the last errno of connecting; or 0
 * @words: libcurl's own, or its TLS library's; may be empty
 * @request: what was asked for
 * @bad: of the files that it names, one that cannot be read; or NULL
 */
struct httpfailure {
	CURLcode code;
	int status;
	bool resolved;
	long tunnel;
	long proxy;
	long error;
	const char *words;
	const struct fetchwire_request *request;
	const struct certfile *bad;
};

/* The server's answer has a status that brings nothing. @login: it was given one */
void verdict_status(struct verdict *verdict, int status, bool login);

/* The server's answer has headers without an end. */
void verdict_headers(struct verdict *verdict);

/* Less has come than was announced; @size: 0 if nothing was. */
void verdict_short(struct verdict *verdict, uint64_t have, uint64_t size);

void verdict_error(struct verdict *verdict, const struct httpfailure *failure);

#endif
