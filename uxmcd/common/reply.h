/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uxmcd and uxmcctl say to each other on the control socket.
 *
 * One packet is one message. A request is a verb, a blank and the argument, which
 * may hold blanks itself:
 *
 *	update [sha256=HEX] URL		update the module from there
 *	file [sha256=HEX] [signature=COUNT] SIZE PATH
 *			the same from a file of so many bytes, which follow; in front of
 *			them come so many of its signature, NAME.minisig, at most 4096
 *	cancel		cancel the update
 *	check		look now what is provisioned
 *	waiting		is there an update that waits to be confirmed?
 *	confirm		begin it
 *	refuse		drop it
 *	log		the last updates
 *	get NAME	the value of a setting
 *	set NAME VALUE	change it
 *	clear NAME	clear it
 *	settings	all settings
 *	last		what came of the last lookup, without another
 *	may		would an update be allowed now?
 *	counts		what has happened, in numbers
 *
 * and, for web_user of uxmcd.conf alone:
 *
 *	visitor SESSION	who is that, and what may be done?
 *	password FROM USER:PASSWORD	is that right?
 *	digest FROM RESPONSE MIDDLE USER	likewise, of Digest authentication (RFC 7616)
 *	login FROM USER:PASSWORD	the same as password, and begins a session
 *	logout SESSION	ends it
 *
 * An answer is a number, a word and a sentence: "0 accepted uxmc0". The number is
 * one of those below, and the exit status of uxmcctl; the word is for scripts. An
 * accepted update, also one that was confirmed, has a second answer, when it has
 * ended. The bytes of a file are sent after the first of these, in packets of their
 * own, each as long as a packet may be or shorter; who does not want to send all of
 * them hangs up. All answers but the second one and
 * those of check are due at once, also to a client that waits for one of these: so it
 * can see that uxmcd is alive.
 *
 * Some answers have several packets. In all but the last the number is 0, and the
 * word is "step", "file" or "entry". Fields have tabs between them, and "-" or nothing where
 * there is nothing to say:
 *
 *	check		"0 step RULE OUTCOME SENTENCE", OUTCOME being ok, no or
 *			info, for each rule that was looked at; behind that of a
 *			setting which leads to several files "0 file SETTING OUTCOME
 *			NEXT URL SENTENCE" in fields for each of them, NEXT being the
 *			seconds until it is looked at by itself, "-" if it is not; and
 *			then "0 step dropped no SENTENCE" for each entry of the files
 *			that does not count. The last packet comes
 *			when the lookup has ended, and its word is started, waiting, the
 *			rule that forbade it, fetch, parse or busy.
 *	log		"0 entry WHEN SECONDS RESULT ORIGIN PORT SERIAL MODEL FROM TO
 *			URL MESSAGE TRUST" in fields, the oldest first; WHEN is in seconds
 *			since 1970, 0 if that was not known. "0 done COUNT".
 *	settings	"0 entry NAME VALUE ORIGIN PERM" in fields. "0 done COUNT".
 *
 *	last		"0 entry AGO URL" in fields: seconds, and what is provisioned;
 *			then as check. "1 never" if there was none, "6 busy" while
 *			there is one.
 *	may		"0 step ..." as check; then "0 allowed", or what a rule says.
 *	counts		"0 entry NAME NUMBER" in fields. "0 done COUNT".
 *
 * "visitor" is answered with "0 visitor KNOWN PASSWORD RESTRICTED" in fields: is there
 * such a session, is there a password at all (yes or no), and restrict_uri_queries.
 * The next three are answered with "0 right" or "0 session SESSION", or with
 * "9 wrong", "6 blocked SECONDS", "1 no-password". In a digest MIDDLE is
 * "nonce:nc:cnonce:qop:HA2" with the realm below, and the algorithm is MD5.
 *
 * "waiting" is answered with "0 waiting MODULE URL" in fields, or "0 none".
 */
#ifndef UXMC_REPLY_H
#define UXMC_REPLY_H

enum reply {
	REPLY_OK		= 0,
	REPLY_FAILED		= 1,
	REPLY_USAGE		= 2,
	REPLY_NO_DRIVER		= 3,
	REPLY_NO_MODULE		= 4,
	REPLY_REFUSED		= 5,
	REPLY_BUSY		= 6,
	REPLY_NO_DAEMON		= 7,
	REPLY_CANCELLED		= 8,
	REPLY_NO_PERMISSION	= 9,
	REPLY_TOO_LATE		= 10,
	/* uxmcctl's own, as uxmcd does not see so far: */
	REPLY_NOT_BUILT		= 11,
	REPLY_NOT_TRUSTED	= 12,
};

/* Of the web pages: what a password is for. */
#define REPLY_REALM	"uxmc"

/* A whole packet of either kind. */
#define REPLY_PACKET_MAX	4096

#endif
