// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "url.h"

/* A piece of a longer string. */
struct span {
	const char *start;
	size_t length;
};

static const char *skip_scheme(const char *url)
{
	static const char * const schemes[] = { "http://", "https://" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++)
		if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
			return url + strlen(schemes[i]);
	return NULL;
}

/* user:password@host:port */
static int find_authority(const char *url, struct span *authority)
{
	const char *start = skip_scheme(url);

	if (!start)
		return -EPROTONOSUPPORT;
	authority->start = start;
	authority->length = strcspn(start, "/?#");
	return 0;
}

static int find_host(const char *url, struct span *host)
{
	struct span part;
	const char *at;
	int ret;

	ret = find_authority(url, &part);
	if (ret)
		return ret;

	at = memrchr(part.start, '@', part.length);
	if (at) {
		part.length -= (size_t)(at + 1 - part.start);
		part.start = at + 1;
	}

	if (part.length && *part.start == '[') {
		const char *end = memchr(part.start, ']', part.length);

		if (!end)
			return -EINVAL;
		part.length = (size_t)(end + 1 - part.start);
	} else {
		const char *colon = memchr(part.start, ':', part.length);

		if (colon)
			part.length = (size_t)(colon - part.start);
	}

	if (!part.length)
		return -EINVAL;
	*host = part;
	return 0;
}

static int copy_span(const struct span *part, char *to, size_t size)
{
	if (part->length >= size)
		return -ENAMETOOLONG;
	memcpy(to, part->start, part->length);
	to[part->length] = '\0';
	return 0;
}

static bool has_bad_character(const char *url)
{
	for (; *url; url++)
		if (*url <= 0x20 || *url >= 0x7f || *url == '\\')
			return true;
	return false;
}

int url_check(const char *url)
{
	struct span host;

	if (strlen(url) > URL_MAX)
		return -ENAMETOOLONG;
	if (!skip_scheme(url))
		return -EPROTONOSUPPORT;
	if (has_bad_character(url))
		return -EINVAL;
	return find_host(url, &host);
}

/* RFC 1928; with "h" the proxy resolves names, too. */
static const char *skip_proxy_scheme(const char *url)
{
	static const char * const schemes[] = { "http://", "socks5h://" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++)
		if (!strncmp(url, schemes[i], strlen(schemes[i])))
			return url + strlen(schemes[i]);
	return NULL;
}

int url_check_proxy(const char *url)
{
	const char *rest = skip_proxy_scheme(url);
	char same[URL_MAX + 1];

	if (!rest)
		return -EPROTONOSUPPORT;
	if (rest[strcspn(rest, "/?#")] && strcmp(rest + strcspn(rest, "/?#"), "/"))
		return -EINVAL;
	if (strlen(url) > URL_MAX)
		return -ENAMETOOLONG;
	text_format(same, sizeof(same), "http://%s", rest);
	return url_check(same);
}

/* Appends to a string of *length bytes. */
static int append(char *to, size_t size, size_t *length, const char *from,
		  size_t count)
{
	if (count >= size - *length)
		return -ENAMETOOLONG;
	memcpy(to + *length, from, count);
	*length += count;
	to[*length] = '\0';
	return 0;
}

int url_expand(const char *url, const char *mac, char *to, size_t size)
{
	char expanded[URL_MAX + 1] = "";
	size_t length = 0;
	const char *mark;
	int ret;

	while ((mark = strstr(url, URL_MAC_MARK))) {
		if (!*mac)
			return -ENOKEY;
		ret = append(expanded, sizeof(expanded), &length, url,
			     (size_t)(mark - url));
		if (!ret)
			ret = append(expanded, sizeof(expanded), &length, mac,
				     strlen(mac));
		if (ret)
			return ret;
		url = mark + strlen(URL_MAC_MARK);
	}

	ret = append(expanded, sizeof(expanded), &length, url, strlen(url));
	if (ret)
		return ret;
	return text_copy(to, size, expanded) ? -ENAMETOOLONG : 0;
}

int url_add_suffix(const char *url, const char *suffix, char *to, size_t size)
{
	char longer[URL_MAX + 1] = "";
	size_t length = 0, path = strcspn(url, "?#");
	int ret;

	ret = append(longer, sizeof(longer), &length, url, path);
	if (!ret)
		ret = append(longer, sizeof(longer), &length, suffix,
			     strlen(suffix));
	if (!ret)
		ret = append(longer, sizeof(longer), &length, url + path,
			     strlen(url + path));
	if (ret)
		return ret;
	return text_copy(to, size, longer) ? -ENAMETOOLONG : 0;
}

/* From its end on there are query and fragment. */
static int find_path(const char *url, struct span *path)
{
	struct span authority;
	int ret = find_authority(url, &authority);

	if (ret)
		return ret;
	path->start = authority.start + authority.length;
	path->length = strcspn(path->start, "?#");
	return 0;
}

int url_name(const char *url, char *name, size_t size)
{
	struct span part;
	const char *slash;
	int ret;

	ret = find_path(url, &part);
	if (ret)
		return ret;

	slash = memrchr(part.start, '/', part.length);
	if (!slash)
		return -EINVAL;
	part.length -= (size_t)(slash + 1 - part.start);
	part.start = slash + 1;

	if (!part.length || part.start[0] == '.' ||
	    memchr(part.start, '%', part.length) ||
	    memchr(part.start, '\\', part.length))
		return -EINVAL;
	return copy_span(&part, name, size);
}

/* Of a host with or without port; 0: it has none. */
static size_t port_length(const struct span *host, const char *end)
{
	const char *after = host->start + host->length;

	return after < end && *after == ':' ? (size_t)(end - after) - 1 : 0;
}

int url_server(const char *url, char *server, size_t size)
{
	bool secure = url_is_secure(url);
	struct span authority, host;
	const char *end;
	size_t port;
	int length, ret;

	ret = find_authority(url, &authority);
	if (!ret)
		ret = find_host(url, &host);
	if (ret)
		return ret;
	end = authority.start + authority.length;
	port = port_length(&host, end);
	length = snprintf(server, size, "%s://%.*s:%.*s",
			  secure ? "https" : "http", (int)host.length,
			  host.start, port ? (int)port : (secure ? 3 : 2),
			  port ? end - port : (secure ? "443" : "80"));
	if (length < 0 || (size_t)length >= size)
		return -ENAMETOOLONG;
	for (; *server; server++)
		*server = (char)tolower((unsigned char)*server);
	return 0;
}

bool url_is_secure(const char *url)
{
	return !strncasecmp(url, "https://", strlen("https://"));
}

bool url_has_login(const char *url)
{
	struct span part;

	return !find_authority(url, &part) &&
	       memchr(part.start, '@', part.length);
}

int url_host(const char *url, char *host, size_t size)
{
	struct span part;
	int ret;

	ret = find_host(url, &part);
	if (ret)
		return ret;
	return copy_span(&part, host, size);
}

bool url_is_directory(const char *url)
{
	struct span path;

	return !find_path(url, &path) &&
	       (!path.length || path.start[path.length - 1] == '/');
}

int url_in_directory(const char *url, const char *name, char *to, size_t size)
{
	struct span path;
	const char *end;
	int length;

	if (find_path(url, &path))
		return -EINVAL;
	end = path.start + path.length;
	length = snprintf(to, size, "%.*s%s%s%s", (int)(end - url), url,
			  path.length ? "" : "/", name, end);
	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

bool url_is_same_server(const char *one, const char *other)
{
	struct span path, others;

	return !find_path(one, &path) && !find_path(other, &others) &&
	       path.start - one == others.start - other &&
	       !strncasecmp(one, other, (size_t)(path.start - one));
}

void url_show(const char *url, char *to, size_t size)
{
	struct span part;
	const char *at;

	if (find_authority(url, &part))
		part = (struct span){ url, strlen(url) };
	at = memrchr(part.start, '@', part.length);
	if (at)
		text_format(to, size, "%.*s***%s", (int)(part.start - url), url, at);
	else
		text_format(to, size, "%s", url);
}

/* Has it the form of HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT? */
static bool is_place(const char *text, size_t length)
{
	size_t end = length;

	while (end && isdigit((unsigned char)text[end - 1]))
		end--;
	if (end && end < length && text[end - 1] == ':')
		length = end - 1;
	if (length && *text == '[')
		return memchr(text, ']', length) == text + length - 1;
	return length && !memchr(text, ':', length);
}

/*
 * Where the host begins of a URL that goes to the next blank. If there is none where
 * it should be, a password may have characters in it that it may not.
 */
static char *find_place(char *authority)
{
	size_t word = strcspn(authority, " \t\r\n");
	size_t length = strcspn(authority, "/?# \t\r\n");
	char *at = memrchr(authority, '@', length);

	if (!at && !is_place(authority, length))
		at = memrchr(authority, '@', word);
	return at ? at + 1 : authority;
}

void url_hide_in_text(char *text)
{
	static const char stars[] = "***";
	char *to = text, *place;

	while ((text = strstr(text, "://"))) {
		text += strlen("://");
		place = find_place(text);
		if (place == text)
			continue;
		to = text;
		text = place - 1;
		if (to < text)
			to = mempcpy(to, stars, strnlen(stars, (size_t)(text - to)));
		memmove(to, text, strlen(text) + 1);
		text = to;
	}
}

void url_format_hidden(char *to, size_t size, const char *format, va_list args)
{
	char whole[4096];

	vsnprintf(whole, sizeof(whole), format, args);
	url_hide_in_text(whole);
	text_format(to, size, "%s", whole);
}
