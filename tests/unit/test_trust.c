// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs libsodium, which is what images are checked with. */
#include <errno.h>
#include <string.h>

#include "text.h"
#include "trust.h"
#include "unit.h"

/* Of "abc": FIPS 180-4's example, RFC 7693, appendix A */
#define SHA256_ABC \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define BLAKE2B_ABC \
	"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1" \
	"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
#define SHA256_NOTHING \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

#define HTTP	"http://h/snomD7C-1.6.1-r.bin"
#define HTTPS	"HTTPS://h/snomD7C-1.6.1-r.bin"

static struct trust trust;
static char sentence[256];

static int end(void **state)
{
	(void)state;
	trust_end(&trust);
	assert_null(trust.crypto.library);
	return 0;
}

static void test_digest(void **state)
{
	struct crypto crypto = { 0 };
	unsigned char blake2b[CRYPTO_BLAKE2B_SIZE];
	char sha256[PIN_SIZE], hex[2 * CRYPTO_BLAKE2B_SIZE + 1];
	struct digest digest;
	size_t i;

	(void)state;
	assert_int_equal(crypto_open(&crypto, sentence, sizeof(sentence)), 0);
	assert_int_equal(crypto_open(&crypto, sentence, sizeof(sentence)), 0);
	digest_begin(&digest, &crypto, true, true);
	digest_add(&digest, &crypto, "a", 1);
	digest_add(&digest, &crypto, "bc", 2);
	assert_int_equal(digest.count, 3);
	digest_sha256(&digest, &crypto, sha256);
	digest_blake2b(&digest, &crypto, blake2b);
	for (i = 0; i < sizeof(blake2b); i++)
		text_format(hex + 2 * i, 3, "%02x", blake2b[i]);
	assert_string_equal(sha256, SHA256_ABC);
	assert_string_equal(hex, BLAKE2B_ABC);
	crypto_close(&crypto);
	crypto_close(&crypto);
}

static void begin(const char *pin)
{
	assert_int_equal(trust_begin(&trust, pin, sentence, sizeof(sentence)), 0);
}

static int judge(const char *data)
{
	strcpy(sentence, "");
	trust_add(&trust, data, strlen(data));
	return trust_judge(&trust, sentence, sizeof(sentence));
}

static void test_pin(void **state)
{
	(void)state;
	begin(SHA256_ABC);
	assert_true(trust_wants_bytes(&trust));
	assert_int_equal(judge("abc"), 0);
	assert_string_equal(sentence, "");
}

static void test_wrong_pin(void **state)
{
	(void)state;
	begin(SHA256_ABC);
	assert_int_equal(judge("abcd"), -EBADMSG);
	assert_string_equal(sentence,
			    "the image is not the one that was pinned: its SHA-256 is 88d4266fd4e6338d..., not ba7816bf8f01cfea...: correct the image or the pin");
	trust_restart(&trust);
	assert_int_equal(trust.digest.count, 0);
	assert_int_equal(judge(""), -EBADMSG);
}

/* What was before a restart does not count. */
static void test_restart(void **state)
{
	(void)state;
	begin(SHA256_ABC);
	trust_add(&trust, "xyz", 3);
	trust_restart(&trust);
	assert_int_equal(judge("abc"), 0);
	begin(SHA256_NOTHING);
	assert_int_equal(judge(""), 0);
}

/* Nothing is loaded for it. */
static void test_nothing_demanded(void **state)
{
	(void)state;
	begin("");
	assert_false(trust_wants_bytes(&trust));
	assert_null(trust.crypto.library);
	assert_int_equal(trust_judge(&trust, sentence, sizeof(sentence)), 0);
}

static void assert_words(const char *url, const char *wanted)
{
	char words[TRUST_WORDS_SIZE];

	trust_words(&trust, url, words, sizeof(words));
	assert_string_equal(words, wanted);
}

static void test_words(void **state)
{
	(void)state;
	begin("");
	assert_words(HTTP, "none");
	assert_words(HTTPS, "https");
	assert_words(NULL, "file");
	begin(SHA256_ABC);
	assert_words(HTTP, "pin");
	assert_words(HTTPS, "https,pin");
	assert_words(NULL, "file,pin");
}

#define TEST(name)	cmocka_unit_test_teardown(name, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_digest), TEST(test_pin), TEST(test_wrong_pin),
		TEST(test_restart), TEST(test_nothing_demanded), TEST(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
