// SPDX-License-Identifier: GPL-2.0-or-later
/* Gives a fuzzer the inputs in files, without libFuzzer; the last one named fails. */
#include <stdio.h>

#include "fuzzer.h"

int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];
	size_t size;
	FILE *file;
	int i;

	for (i = 1; i < argc; i++) {
		fprintf(stderr, "%s\n", argv[i]);
		file = fopen(argv[i], "rbe");
		if (!file) {
			perror(argv[i]);
			return 1;
		}
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
	}
	return 0;
}
