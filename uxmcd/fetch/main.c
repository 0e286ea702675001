// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uxmc-fetch: fetches one thing for uxmcd, which is on the socket that is standard
 * input, and ends.
 *
 * It reads what strangers wrote. Whatever they make of it by that, it can do little
 * but lie to uxmcd: see jail.h.
 */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch_jail.h"
#include "log.h"
#include "serve.h"
#include "text.h"
#include "trim.h"
#include "xml.h"

#define MEBIBYTE	(1024UL * 1024UL)

/* Libraries and stacks, most of which is never touched; the data of libcurl */
#define MEMORY		(192 * MEBIBYTE)

/* A settings file, as it came and in UTF-8, each in a buffer up to twice as long */
#define MEMORY_COPIES	4

/* To begin with; and slow processors decrypt a mebibyte a second, or more. */
#define SECONDS		10

enum status {
	STATUS_TOLD	= 0,	/* uxmcd knows how it ended, well or not */
	STATUS_UNTOLD	= 1,	/* uxmcd does not want to know, or is gone */
	STATUS_USAGE	= 2,
	STATUS_REQUEST	= 3,	/* it cannot be understood */
	STATUS_JAIL	= 4,	/* it cannot be entered, or by root */
	STATUS_LIBRARY	= 5,	/* libxml2 cannot be loaded */
};

static int complain_usage(void)
{
	fputs("usage: uxmc-fetch [--allow-root]\n"
	      "uxmcd starts it, with a SOCK_SEQPACKET socket as its standard input.\n",
	      stderr);
	return STATUS_USAGE;
}

static bool parse_options(int argc, char **argv, struct jail *jail)
{
	static const struct option options[] = {
		{ "allow-root", no_argument, NULL, 'r' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'r')
			return false;
		jail->allow_root = true;
	}
	return optind == argc;
}

static bool is_packet_socket(int fd)
{
	socklen_t size = sizeof(int);
	int type;

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) &&
	       type == SOCK_SEQPACKET;
}

static enum status end(struct wire *wire, enum status status, int error,
		       const char *sentence)
{
	struct verdict verdict = { .result = VERDICT_RUNNING };

	log_error("%s", sentence);
	verdict_note(&verdict, VERDICT_FAILED, error, "%s", sentence);
	wire_end(wire, &verdict, 0, false);
	return status;
}

static void size_jail(struct jail *jail,
		      const struct fetchwire_request *request)
{
	jail->also[0] = request->ca_file;
	jail->also[1] = request->client_cert;
	jail->also[2] = request->client_key;
	jail->memory = MEMORY;
	if (request->what == FETCHWIRE_SETTINGS)
		jail->memory += MEMORY_COPIES * request->size_max;
	jail->seconds = SECONDS + request->size_max / MEBIBYTE;
}

static enum status do_request(struct wire *wire, struct jail *jail,
			      const struct fetchwire_request *request)
{
	char sentence[VERDICT_SENTENCE_SIZE];
	int ret;

	if (request->what == FETCHWIRE_SETTINGS &&
	    !xml_load(sentence, sizeof(sentence)))
		return end(wire, STATUS_LIBRARY, ELIBACC, sentence);
	size_jail(jail, request);
	ret = jail_enter(jail, sentence, sizeof(sentence));
	if (ret)
		return end(wire, STATUS_JAIL, -ret, sentence);
	return serve(wire, request) ? STATUS_UNTOLD : STATUS_TOLD;
}

/* One byte more shows that a request is too long. */
static enum status take_request(struct wire *wire, struct jail *jail)
{
	static union {
		struct fetchwire_request request;
		char bytes[sizeof(struct fetchwire_request) + 1];
	} packet;
	const char *wrong;
	long count;

	count = wire_receive(wire, &packet, sizeof(packet));
	if (!count)
		return STATUS_UNTOLD;
	if (count < 0)
		return end(wire, STATUS_REQUEST, (int)-count,
			   "no request came from uxmcd");
	wrong = fetchwire_check_request(&packet.request, (size_t)count);
	if (wrong)
		return end(wire, STATUS_REQUEST, EPROTO, wrong);
	return do_request(wire, jail, &packet.request);
}

int main(int argc, char **argv)
{
	static struct wire wire;
	struct jail jail = fetch_jail;
	enum status status;

	trim_code();
	log_open(false, false);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
#ifdef M_ARENA_MAX
	/* An arena of its own for a thread takes much of the address space. */
	mallopt(M_ARENA_MAX, 1);
#endif
	if (!parse_options(argc, argv, &jail) || !is_packet_socket(STDIN_FILENO))
		return complain_usage();
	if (wire_open(&wire, STDIN_FILENO))
		return complain_usage();
	status = take_request(&wire, &jail);
	/* Without tidying up: a name may be being resolved still. */
	_exit((int)status);
}
