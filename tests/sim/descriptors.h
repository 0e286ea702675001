/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module says of itself: chapter 9's descriptors. */
#ifndef SIM_DESCRIPTORS_H
#define SIM_DESCRIPTORS_H

#include <stdint.h>

#define CONFIGURATION_VALUE	1
#define PANEL_INTERFACE		0
#define PANEL_IN		0x81
#define PANEL_OUT		0x01

/* The number of the DFU interface in the present mode; it is the last one. */
uint8_t dfu_interface(void);

/**
 * descriptor_get - one descriptor
 * @type: its type
 * @index: its index
 * @to: gets it, URB_REPLY_MAX bytes at most
 *
 * Return: its length, or -EPIPE if there is none.
 */
int descriptor_get(uint8_t type, uint8_t index, uint8_t *to);

#endif
