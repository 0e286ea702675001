// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a URL are those of RFC 3986, section 3: after "//" come a user and
 * a password up to an "@", and then the host. Whether it is a URL at all is
 * uxmcd's to judge, and it is shown while uxmcd does that; so where there is no
 * host in it, a password may be anywhere.
 */
#include <linux/ctype.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "url.h"

/* What has been written, and how much it would have been with more room */
struct output {
	char *to;
	size_t size;
	size_t length;
};

static void put(struct output *output, const char *text, size_t length)
{
	for (; length; length--, text++, output->length++)
		if (output->length + 1 < output->size)
			output->to[output->length] = *text;
}

static const char *last_at(const char *text, size_t length)
{
	while (length--)
		if (text[length] == '@')
			return text + length;
	return NULL;
}

/* Has it the form of HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT? */
static bool is_host(const char *text, size_t length)
{
	size_t port = length;

	while (port && isdigit(text[port - 1]))
		port--;
	if (port && port < length && text[port - 1] == ':')
		length = port - 1;
	if (length && *text == '[')
		return memchr(text, ']', length) == text + length - 1;
	return length && !memchr(text, ':', length);
}

/* From where "//" ends to where the host begins */
static const char *skip_userinfo(const char *text)
{
	size_t length = strcspn(text, "/?#");
	const char *at = last_at(text, length);

	if (!at && !is_host(text, length))
		at = strrchr(text, '@');
	return at ? at + 1 : text;
}

static const char *skip_to_next(const char *text)
{
	const char *mark = strstr(text, "://");

	return mark ? mark + strlen("://") : text + strlen(text);
}

/* What begins as a URL does, if not with its host */
static const char *skip_scheme(const char *text)
{
	const char *next = skip_to_next(text);

	return next == text + strcspn(text, "/?#@") + strlen("//") ? next : text;
}

static size_t hide(char *to, size_t size, const char *text, const char *from)
{
	struct output output = { .to = to, .size = size };
	const char *host;

	put(&output, text, from - text);
	do {
		host = skip_userinfo(from);
		if (host > from) {
			put(&output, "***", min_t(size_t, 3, host - 1 - from));
			put(&output, "@", 1);
		}
		from = skip_to_next(host);
		put(&output, host, from - host);
	} while (*from);

	if (size)
		to[min(output.length, size - 1)] = '\0';
	return output.length;
}

/**
 * uxmc_url_hide - a URL without its user and password
 * @to: for the result, which is not longer than @url
 * @size: of @to; may be 0
 * @url: what is, or should be, a URL
 *
 * Return: the length of the result, or what it would be with more room.
 */
size_t uxmc_url_hide(char *to, size_t size, const char *url)
{
	return hide(to, size, url, skip_scheme(url));
}

/**
 * uxmc_url_hide_in_text - the same for all URLs in a text
 * @to: for the result, which is not longer than @text
 * @size: of @to; may be 0
 * @text: a sentence, for example
 *
 * Return: as above.
 */
size_t uxmc_url_hide_in_text(char *to, size_t size, const char *text)
{
	return hide(to, size, text, skip_to_next(text));
}
