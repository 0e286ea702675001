/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pin: the SHA-256 that an image has to have, as 64 hexadecimal digits.
 */
#ifndef UXMC_PIN_H
#define UXMC_PIN_H

#define PIN_SIZE	65	/* with the terminating NUL */

/* For sentences */
#define PIN_WANTS	"a SHA-256 is 64 hexadecimal digits"

/*
 * Puts @text in lower case into @pin, of PIN_SIZE bytes; -EINVAL if it is no pin,
 * which nothing at all is not either.
 */
int pin_parse(const char *text, char *pin);

#endif
