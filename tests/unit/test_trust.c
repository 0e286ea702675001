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

#define NAME	"snomD7C-1.6.1-r.bin"

/* Made by minisign 0.11: of "abc", by a key and by another, */
#define KEY	"RWQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo\n"
#define OTHER_KEY	"RWTpteE7fSljxlOpwnURA4o+K10t+KynnbZ9wMWLPN7Boac7INTGrlzr\n"
/* (that other key by the first one's name) */
#define FALSE_KEY	"RWQDxcZGTVmvfFOpwnURA4o+K10t+KynnbZ9wMWLPN7Boac7INTGrlzr\n"
#define SIGNATURE \
	"untrusted comment: x\n" \
	"RUQDxcZGTVmvfLBDCZiB7gL4LPJVe0m19xByEJDdEER6laDdeOIiuNR+dLZVsoHZyWEdt" \
	"IuRiYNq0sfSMT2j6EZs81tG0kaZKwc=\n"
#define COMMENT	"trusted comment: timestamp:1796014038\tfile:" NAME "\thashed\n"
#define GLOBAL \
	"8oDJSayeY4koGK+kzxwCyzRH/ieyOcQHMKnR+Kqxxtvli9/M8jC8WvzLbnbxK8Z8qDlEO" \
	"qH2QiDjDyMq6jvOAw==\n"
#define GOOD	"" SIGNATURE COMMENT GLOBAL
#define BY_OTHER \
	"untrusted comment: x\n" \
	"RUTpteE7fSljxkq9GCemONNAM0LWe/HhCj6p/y0I94cAmhPOJitOZDVgzr5neTk1Wj3dD" \
	"C22Ulg2Sv72xWNXNVaUKQfCtpDdSgI=\n" \
	"trusted comment: file:" NAME "\n" \
	"qyFOAUd226xkc7OQVVv9tYLQNIbiJESfXc6Nh04DyDupdHGRtSKpvRwC8ROdSlLcYuTUp" \
	"9P+1QIijeSbFaYHDQ==\n"
/* and by the first one again, whose comment names another file */
#define ANOTHER_FILE \
	"" SIGNATURE \
	"trusted comment: file:snomD7C-1.1.1-r.bin\n" \
	"N82d8XENLYwsjQWVJKxMtg4JCwUU23c1Uxu0w3KPTwgsSOj5N4xJ/6jPq21d7SRuBTqsu" \
	"VrfzZfJiVIylw8oBg==\n"

static struct trust trust;
static struct keys keys;
static char sentence[256];

static int end(void **state)
{
	(void)state;
	trust_end(&trust);
	trust.keys = NULL;
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
	char words[32];

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

static void begin_with(const char *text, const char *pin)
{
	assert_int_equal(keys_parse(&keys, text, strlen(text), sentence,
				    sizeof(sentence)), 0);
	trust.keys = &keys;
	begin(pin);
}

static int take(const char *signature)
{
	strcpy(sentence, "");
	return trust_take_signature(&trust, signature, strlen(signature), NAME,
				    sentence, sizeof(sentence));
}

static void test_signature(void **state)
{
	static const char * const files[] = {
		KEY, OTHER_KEY KEY, FALSE_KEY KEY, KEY FALSE_KEY,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		begin_with(files[i], "");
		assert_true(trust_wants_signature(&trust));
		assert_true(trust_wants_bytes(&trust));
		assert_int_equal(take(GOOD), 0);
		assert_int_equal(judge("abc"), 0);
		assert_string_equal(sentence, "");
		assert_words(HTTP, "signature");
		assert_words(HTTPS, "https,signature");
	}
	begin_with(OTHER_KEY KEY, SHA256_ABC);
	assert_int_equal(take(BY_OTHER), 0);
	assert_int_equal(judge("abc"), 0);
	assert_words(HTTPS, "https,pin,signature");
	assert_words(NULL, "file,pin,signature");
}

#define NOT_GOOD(why) \
	"the signature of the image is not good: " why " (image_keys in uxmcd.conf)"

#define BY_KEY(key) \
	"the image is signed with key " key \
	", which is not among image_keys in uxmcd.conf"

/* What costs no image. */
static void test_bad_signature(void **state)
{
	static const struct {
		const char *keys, *signature;
		int error;
		const char *sentence;
	} bad[] = {
		{ OTHER_KEY, GOOD, -ENOKEY,
		  BY_KEY("7CAF594D46C6C503") },
		{ KEY, BY_OTHER, -ENOKEY,
		  BY_KEY("C663297D3BE1B5E9") },
		{ FALSE_KEY, GOOD, -EKEYREJECTED,
		  NOT_GOOD("its trusted comment is not as it was signed") },
		{ KEY, SIGNATURE "trusted comment: file:" NAME "\n" GLOBAL, -EKEYREJECTED,
		  NOT_GOOD("its trusted comment is not as it was signed") },
		{ KEY, ANOTHER_FILE, -EKEYREJECTED,
		  NOT_GOOD("its trusted comment names another file, or none") },
		{ KEY, "<html>", -EKEYREJECTED,
		  NOT_GOOD("it does not begin with \"untrusted comment: \"") },
		{ KEY, "", -EKEYREJECTED,
		  NOT_GOOD("it does not begin with \"untrusted comment: \"") },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		begin_with(bad[i].keys, "");
		assert_int_equal(take(bad[i].signature), bad[i].error);
		assert_string_equal(sentence, bad[i].sentence);
		assert_int_equal(judge("abc"), -EKEYREJECTED);
	}
}

static void test_signature_of_another_image(void **state)
{
	(void)state;
	begin_with(KEY, "");
	assert_int_equal(take(GOOD), 0);
	assert_int_equal(judge("abd"), -EKEYREJECTED);
	assert_string_equal(sentence, NOT_GOOD("it is of another image"));
	begin_with(KEY, "");
	assert_int_equal(judge("abc"), -EKEYREJECTED);
	assert_string_equal(sentence, NOT_GOOD("there is none"));
	/* of the last image */
	begin_with(KEY, "");
	assert_int_equal(take(GOOD), 0);
	begin_with(KEY, "");
	assert_int_equal(judge("abc"), -EKEYREJECTED);
}

/* Both are needed, where both are asked for. */
static void test_pin_and_signature(void **state)
{
	(void)state;
	begin_with(KEY, SHA256_NOTHING);
	assert_int_equal(take(GOOD), 0);
	assert_int_equal(judge("abc"), -EBADMSG);
	begin_with(KEY, SHA256_ABC);
	assert_int_equal(judge("abc"), -EKEYREJECTED);
}

/* Of one that lay there the pin alone is looked at. */
static void test_signed_before(void **state)
{
	(void)state;
	begin_with(KEY, SHA256_ABC);
	trust_take_as_signed(&trust);
	assert_int_equal(judge("abc"), 0);
	assert_words(HTTP, "pin,signature");
	trust_restart(&trust);
	assert_int_equal(judge("abd"), -EBADMSG);
	begin_with(KEY, SHA256_ABC);
	assert_int_equal(judge("abc"), -EKEYREJECTED);
}

/* What an image that lay there was signed with has to be a key still. */
static void test_signer(void **state)
{
	char signer[KEYS_NAME_SIZE];

	(void)state;
	begin_with(OTHER_KEY KEY, "");
	trust_signer(&trust, signer);
	assert_string_equal(signer, "");
	assert_false(trust_accepts(&trust, signer));
	assert_int_equal(take(GOOD), 0);
	trust_signer(&trust, signer);
	assert_true(trust_accepts(&trust, signer));
	begin_with(OTHER_KEY, "");
	assert_false(trust_accepts(&trust, signer));
	trust.keys = NULL;
	assert_true(trust_accepts(&trust, signer));
	assert_true(trust_accepts(&trust, ""));
}

#define TEST(name)	cmocka_unit_test_teardown(name, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_digest), TEST(test_pin), TEST(test_wrong_pin),
		TEST(test_restart), TEST(test_nothing_demanded), TEST(test_words),
		TEST(test_signature), TEST(test_bad_signature),
		TEST(test_signature_of_another_image),
		TEST(test_pin_and_signature), TEST(test_signed_before),
		TEST(test_signer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
