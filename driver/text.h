/* SPDX-License-Identifier: GPL-2.0-only */
/* Text from user space: what of it can be shown, logged and compared as it is. */
#ifndef _UXMC_TEXT_H
#define _UXMC_TEXT_H

#include <linux/types.h>

bool uxmc_text_is_clean(const char *text);
void uxmc_text_trim(char *text);

#endif /* _UXMC_TEXT_H */
