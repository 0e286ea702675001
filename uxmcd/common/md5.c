// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdint.h>
#include <string.h>

#include "md5.h"
#include "text.h"

#define BLOCK		64
#define LENGTH_AT	56	/* of the last block */
#define WORDS		16
#define STEPS		64

/* RFC 1321, 3.3 and 3.4: what has come, and the block that is not full */
struct md5 {
	uint32_t state[4];
	uint64_t count;
	uint8_t block[BLOCK];
};

/* RFC 1321, 3.4: the integer part of 2^32 times abs(sin(i + 1)) */
static const uint32_t sines[STEPS] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee,
	0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
	0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
	0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
	0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
	0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
	0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

/* By how many bits each of the four kinds of a round's steps turns */
static const uint8_t turns[4][4] = {
	{ 7, 12, 17, 22 },
	{ 5, 9, 14, 20 },
	{ 4, 11, 16, 23 },
	{ 6, 10, 15, 21 },
};

static uint32_t turn(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static uint32_t mix(unsigned int round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (b & d) | (c & ~d);
	case 2:
		return b ^ c ^ d;
	}
	return c ^ (b | ~d);
}

/* Which word of the block a step takes */
static unsigned int place(unsigned int step)
{
	static const uint8_t factor[4] = { 1, 5, 3, 7 }, first[4] = { 0, 1, 5, 0 };
	unsigned int round = step / WORDS;

	return (factor[round] * step + first[round]) % WORDS;
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
	       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void take_block(struct md5 *md5)
{
	uint32_t a = md5->state[0], b = md5->state[1];
	uint32_t c = md5->state[2], d = md5->state[3];
	unsigned int step, round;
	uint32_t sum;

	for (step = 0; step < STEPS; step++) {
		round = step / WORDS;
		sum = a + mix(round, b, c, d) + sines[step] +
		      word_at(md5->block + 4UL * place(step));
		a = d;
		d = c;
		c = b;
		b += turn(sum, turns[round][step % 4]);
	}
	md5->state[0] += a;
	md5->state[1] += b;
	md5->state[2] += c;
	md5->state[3] += d;
}

static void begin(struct md5 *md5)
{
	static const uint32_t first[4] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
	};

	memcpy(md5->state, first, sizeof(first));
	md5->count = 0;
}

static void take(struct md5 *md5, const void *data, size_t count)
{
	const uint8_t *bytes = data;

	while (count--) {
		md5->block[md5->count++ % BLOCK] = *bytes++;
		if (!(md5->count % BLOCK))
			take_block(md5);
	}
}

static void end(struct md5 *md5)
{
	uint64_t bits = md5->count * 8;
	uint8_t length[8];
	size_t i;

	for (i = 0; i < sizeof(length); i++)
		length[i] = (uint8_t)(bits >> (8 * i));
	take(md5, "\x80", 1);
	while (md5->count % BLOCK != LENGTH_AT)
		take(md5, "", 1);
	take(md5, length, sizeof(length));
}

static void write_hex(const struct md5 *md5, char *hex)
{
	size_t i;

	for (i = 0; i < 16; i++)
		text_format(hex + 2 * i, 3, "%02x",
			    md5->state[i / 4] >> (8 * (i % 4)) & 0xff);
}

void md5_joined(const char * const *parts, size_t count, char *hex)
{
	struct md5 md5;
	size_t i;

	begin(&md5);
	for (i = 0; i < count; i++) {
		if (i)
			take(&md5, ":", 1);
		take(&md5, parts[i], strlen(parts[i]));
	}
	end(&md5);
	write_hex(&md5, hex);
	explicit_bzero(&md5, sizeof(md5));
}
