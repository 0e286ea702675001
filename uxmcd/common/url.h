/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URLs of images: what is accepted, {mac}, the file name and the host in them.
 */
#ifndef UXMC_URL_H
#define UXMC_URL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define URL_MAX		2048	/* without the terminating NUL */
#define URL_HOST_MAX	255
#define URL_SERVER_MAX	(URL_HOST_MAX + sizeof("https://:65535"))

/* Stands for the phone's MAC address. */
#define URL_MAC_MARK	"{mac}"

/*
 * 0 for a complete http or https URL; -ENAMETOOLONG; -EPROTONOSUPPORT if it does
 * not begin with one of those two; -EINVAL if it has no host, or has characters
 * that no URL has (blanks, control characters, non-ASCII, backslashes).
 */
int url_check(const char *url);

/*
 * Puts the MAC address wherever {mac} stands. -ENOKEY if it is needed and empty,
 * -ENAMETOOLONG if the result is longer than @size allows.
 */
int url_expand(const char *url, const char *mac, char *to, size_t size);

/*
 * Puts a suffix behind the path, in front of query and fragment. -ENAMETOOLONG if the
 * result is longer than @size or URL_MAX allows.
 */
int url_add_suffix(const char *url, const char *suffix, char *to, size_t size);

/*
 * The file name: the last part of the path, without query and fragment.
 * -EINVAL if there is none, it is "." or "..", or anything in it is escaped.
 */
int url_name(const char *url, char *name, size_t size);

/* The path is empty, or ends in a slash. */
bool url_is_directory(const char *url);

/*
 * The file of that name in such a one, with the same query. -ENAMETOOLONG if the result
 * is longer than @size allows.
 */
int url_in_directory(const char *url, const char *name, char *to, size_t size);

/* The same scheme, host and port, and user: all that is before the path. */
bool url_is_same_server(const char *one, const char *other);

/*
 * As it may be shown: with "***" for a user and a password. In what is no URL these may
 * be anywhere before an "@". What is too long is cut off.
 */
void url_show(const char *url, char *to, size_t size);

/* The same for all URLs in a text, which gets no longer by that. */
void url_hide_in_text(char *text);

/*
 * Formats a sentence and hides what is in it; what does not fit is cut off after that,
 * since what is left of a URL need not look like one.
 */
void url_format_hidden(char *to, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/*
 * The same for a proxy's: http://HOST:PORT or socks5h://HOST:PORT, with a user and a
 * password if it wants them, and with nothing behind that.
 */
int url_check_proxy(const char *url);

/* "http://host:80": what a server is known by, in small letters. -errno */
int url_server(const char *url, char *server, size_t size);

/* It is an https URL. */
bool url_is_secure(const char *url);

/* There is a user, a password or both in it. */
bool url_has_login(const char *url);

/* The host alone, without port and password, as messages name it. */
int url_host(const char *url, char *host, size_t size);

#endif
