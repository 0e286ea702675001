/* SPDX-License-Identifier: GPL-2.0-only */
/* URLs, for those who may not see the passwords in them */
#ifndef _UXMC_URL_H
#define _UXMC_URL_H

#include <linux/types.h>

size_t uxmc_url_hide(char *to, size_t size, const char *url);
size_t uxmc_url_hide_in_text(char *to, size_t size, const char *text);

#endif /* _UXMC_URL_H */
