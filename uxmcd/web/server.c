// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connections.h"
#include "guard.h"
#include "http_answer.h"
#include "log.h"
#include "page.h"
#include "routes.h"
#include "server.h"
#include "text.h"

/* In all, and of one address; each has a thread. */
#define CONNECTIONS_MAX		32
#define CONNECTIONS_OF_PEER_MAX	24

/* Of a thread; pages are made on the heap. */
#define STACK_SIZE		(192 * 1024UL)

/* For the request line and the headers; the query of a change is in the former. */
#define HEADERS_SIZE		(32 * 1024UL)

/* Of TLS, 1.2 and later (RFC 8996) */
#define TLS_VERSIONS		"NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"

/* How long a connection may be silent, s */
#define SILENCE			15

/* How long sending a form may take, and reading its answer, ms */
#define BODY_MS			20000
#define ANSWER_MS		60000

/* A file comes at that rate at least, bytes a millisecond. */
#define LEAST_RATE		16

#define FORM_TYPE		"application/x-www-form-urlencoded"

/* What is known of a socket, as long as it is served */
struct service {
	const struct config *config;
	bool secure;
};

static struct connection *connection_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

const char *request_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
					   name);
}

int request_socket(const struct request *request)
{
	return socket_of(request->connection);
}

const char *say(const struct request *request, enum word sentence)
{
	return word(request->language, sentence);
}

static void free_request(struct request *request)
{
	consult_close(&request->consult);
	if (request->refusal)
		markup_clear(&request->refusal->body);
	free(request->refusal);
	free(request->upload);
	form_clear(&request->query);
	form_clear(&request->form);
	free(request->path);
	free(request->url);
	free(request);
}

/* The URL as it was sent: what libmicrohttpd makes of it is laxer than form_parse(). */
static int take_url(struct request *request, const char *url)
{
	const char *query = strchr(url, '?');
	size_t length = query ? (size_t)(query - url) : strlen(url);

	request->url = strdup(url);
	request->path = strndup(url, length);
	if (!request->url || !request->path)
		return -ENOMEM;
	if (query)
		request->query_error = form_take(&request->query, query + 1,
						 strlen(query + 1));
	if (!request->query_error)
		request->query_error = form_parse(&request->query);
	return 0;
}

/* The first that is heard of a request; what it gives is given to all the others. */
static void *begin(void *context, const char *url, struct MHD_Connection *connection)
{
	const struct service *service = context;
	struct request *request = calloc(1, sizeof(*request));

	if (!request)
		return NULL;
	request->connection = connection;
	request->config = service->config;
	request->secure = service->secure;
	if (!take_url(request, url))
		return request;
	free_request(request);
	return NULL;
}

static void end(void *context, struct MHD_Connection *connection, void **place,
		enum MHD_RequestTerminationCode how)
{
	(void)context;
	(void)how;
	if (*place)
		free_request(*place);
	*place = NULL;
	/* Another may follow on the connection. */
	connection_allow(connection_of(connection), BODY_MS);
}

static unsigned int method_of(const char *name)
{
	if (!strcmp(name, MHD_HTTP_METHOD_GET))
		return METHOD_GET;
	if (!strcmp(name, MHD_HTTP_METHOD_HEAD))
		return METHOD_HEAD;
	return !strcmp(name, MHD_HTTP_METHOD_POST) ? METHOD_POST : 0;
}

static void take_headers(struct request *request, const char *method)
{
	request->begun = true;
	request->method = method_of(method);
	request->method_name = method;
	request->route = route_find(request->path);
	request->language =
		language_choose(request_header(request,
					       MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
	if (peer_look(&request->peer, request_socket(request)))
		request->peer.is_local = false;
}

static const char *header_of(const struct request *request, const char *name)
{
	const char *value = request_header(request, name);

	return value ? value : "";
}

/* RFC 9110, 8.6; a body whose length is not told is not taken (15.5.12). */
static unsigned int check_length(const struct request *request, uint64_t most,
				 uint64_t *length)
{
	const char *text = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

	*length = 0;
	if (request_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING))
		return MHD_HTTP_LENGTH_REQUIRED;
	if (!text)
		return 0;
	return text_number(text, most, length) ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

static bool is_type(const struct request *request, const char *type)
{
	return !strncasecmp(header_of(request, MHD_HTTP_HEADER_CONTENT_TYPE), type,
			    strlen(type));
}

static bool is_upload(const struct request *request)
{
	return request->method == METHOD_POST && request->route &&
	       request->route->takes_file && is_type(request, "multipart/form-data");
}

static enum MHD_Result refuse(struct request *request, unsigned int status)
{
	struct answer answer = { 0 };

	page_say(request, &answer, status, WORD_REFUSED, WORD_BAD_REQUEST);
	return answer_send(request, &answer);
}

/*
 * Who waits to be told to go on is told not to. Others have begun to send, and do not
 * listen before they are through.
 */
static enum MHD_Result refuse_upload(struct request *request,
				     const struct answer *answer)
{
	struct answer copy = *answer;

	connection_allow(connection_of(request->connection), BODY_MS);
	if (request_header(request, MHD_HTTP_HEADER_EXPECT))
		return answer_send(request, &copy);
	request->refusal = malloc(sizeof(*request->refusal));
	if (!request->refusal)
		return answer_send(request, &copy);
	*request->refusal = *answer;
	return MHD_YES;
}

/* Whoever may not hand a file in is to know before it is read. */
static enum MHD_Result take_upload(struct request *request, uint64_t length)
{
	struct upload_request about = {
		.type = header_of(request, MHD_HTTP_HEADER_CONTENT_TYPE),
		.length = length,
		.consult = &request->consult,
		.control = request->config->control,
	};
	struct answer answer = { 0 };

	if (!guard_address(request, &answer) || !guard_visitor(request, &answer))
		return refuse_upload(request, &answer);
	consult_close(&request->consult);
	about.token = guard_wanted_token(request);
	request->upload = upload_open(&about);
	if (!request->upload)
		return refuse(request, MHD_HTTP_BAD_REQUEST);
	connection_allow(connection_of(request->connection),
			 BODY_MS + length / LEAST_RATE);
	return MHD_YES;
}

/* The body, if there is one, comes next. */
static enum MHD_Result take_head(struct request *request, const char *method)
{
	uint64_t most = FORM_SIZE_MAX, length;
	unsigned int status;

	take_headers(request, method);
	if (is_upload(request))
		most += request->config->image_size_max;
	status = check_length(request, most, &length);
	if (status)
		return refuse(request, status);
	if (is_upload(request))
		return take_upload(request, length);
	connection_allow(connection_of(request->connection), BODY_MS);
	return MHD_YES;
}

static enum MHD_Result take_body(struct request *request, const char *data,
				 size_t *count)
{
	size_t size = *count;

	*count = 0;
	if (request->upload)
		upload_take(request->upload, data, size);
	else if (!request->refusal && is_type(request, FORM_TYPE))
		return form_take(&request->form, data, size) ? MHD_NO : MHD_YES;
	return MHD_YES;
}

static void make_answer(struct request *request, struct answer *answer)
{
	if (request->refusal) {
		*answer = *request->refusal;
		request->refusal->body = (struct markup){ 0 };
	} else if (request->query_error || form_parse(&request->form)) {
		page_say(request, answer, MHD_HTTP_BAD_REQUEST, WORD_REFUSED,
			 WORD_BAD_REQUEST);
	} else if (request->upload || guard_check(request, answer)) {
		request->route->serve(request, answer);
	}
}

static enum MHD_Result serve(struct request *request)
{
	struct answer answer = { 0 };

	make_answer(request, &answer);
	consult_close(&request->consult);
	log_debug("%s %s: %u", request->peer.address, request->path,
		  answer.status ? answer.status : MHD_HTTP_OK);
	connection_allow(connection_of(request->connection),
			 answer.patience ? answer.patience : ANSWER_MS);
	return answer_send(request, &answer);
}

static enum MHD_Result take(void *context, struct MHD_Connection *connection,
			    const char *url, const char *method,
			    const char *version, const char *data,
			    size_t *count, void **place)
{
	struct request *request = *place;

	(void)context;
	(void)connection;
	(void)url;
	(void)version;
	if (!request)
		return MHD_NO;
	if (!request->begun)
		return take_head(request, method);
	if (*count)
		return take_body(request, data, count);
	return serve(request);
}

static void note_connection(void *context, struct MHD_Connection *connection,
			    void **place, enum MHD_ConnectionNotificationCode what)
{
	(void)context;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*place = connection_open(socket_of(connection));
	} else {
		connection_close(*place);
		*place = NULL;
	}
}

static void note_error(void *context, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void note_error(void *context, const char *format, va_list args)
{
	char line[256];

	(void)context;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	log_debug("libmicrohttpd: %s", line);
}

static struct MHD_Daemon *start(int socket, const struct tls *tls,
				struct service *service)
{
	struct MHD_OptionItem options[] = {
		{ MHD_OPTION_END, 0, NULL },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_VERSIONS },
		{ MHD_OPTION_END, 0, NULL },
	};
	unsigned int flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
			     MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG;

	if (service->secure) {
		flags |= MHD_USE_TLS;
		options[0] = (struct MHD_OptionItem) {
			MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate,
		};
	}
	return MHD_start_daemon(flags, 0, NULL, NULL, take, NULL,
				MHD_OPTION_EXTERNAL_LOGGER, note_error, NULL,
				MHD_OPTION_LISTEN_SOCKET, socket,
				MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
				MHD_OPTION_PER_IP_CONNECTION_LIMIT,
				CONNECTIONS_OF_PEER_MAX,
				MHD_OPTION_CONNECTION_TIMEOUT, SILENCE,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADERS_SIZE,
				MHD_OPTION_THREAD_STACK_SIZE, STACK_SIZE,
				MHD_OPTION_STRICT_FOR_CLIENT, 1,
				MHD_OPTION_URI_LOG_CALLBACK, begin, service,
				MHD_OPTION_NOTIFY_COMPLETED, end, NULL,
				MHD_OPTION_NOTIFY_CONNECTION, note_connection, NULL,
				MHD_OPTION_ARRAY, options,
				MHD_OPTION_END);
}

/* Those of the whole machine's own need no certificate. */
static bool is_unix(int socket)
{
	struct sockaddr_storage address = { 0 };
	socklen_t size = sizeof(address);

	return !getsockname(socket, (struct sockaddr *)&address, &size) &&
	       address.ss_family == AF_UNIX;
}

int server_start(const struct config *config, const struct listening *listening,
		 const struct tls *tls)
{
	static struct service services[LISTEN_MAX];
	unsigned int i;

	for (i = 0; i < listening->count; i++) {
		services[i].config = config;
		services[i].secure = tls->certificate &&
				     !is_unix(listening->sockets[i]);
		if (start(listening->sockets[i], tls, &services[i]))
			continue;
		log_error("the server cannot be started%s", services[i].secure ?
			  ": see whether web_cert and web_key belong together" :
			  "");
		return -EINVAL;
	}
	return 0;
}
