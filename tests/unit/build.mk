# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of what is pure in the daemon and its tool: tests/unit/test_NAME.c,
# linked with what is listed for it here. See uxmcd/build.mk for the objects.

UNIT_NAMES := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_TESTS += $(UNIT_NAMES:%=$(BUILD)/unit/test_%)

UNIT_access := access boot file keyfile lockout log md5 permission printable record setting settings text url
UNIT_answer := answer range text
UNIT_answercheck := answer answercheck range text url verdict
UNIT_appearance := appearance printable text url
UNIT_attempts := attempts boot file keyfile record target text log printable url
UNIT_bar := bar module text
UNIT_config := config setting text url useragent version
UNIT_consent := consent module modules text
UNIT_credentials := fetch/credentials text url
UNIT_ctl_answer := printable reply_parse text
UNIT_ctl_bus := bus text
UNIT_ctl_driver := nodriver nodriver_look text
UNIT_ctl_logline := logline printable reply_parse text
UNIT_ctl_result := result
UNIT_documents := document documents picture provision text
UNIT_fetchwire := fetchwire permission pin setting text url
UNIT_fetchwire_bad := $(UNIT_fetchwire)
UNIT_fetchwire_request := $(UNIT_fetchwire)
UNIT_fleet := schedule
UNIT_history := file history keyfile record text log printable url
UNIT_hop := hop text url verdict
UNIT_image := file image imagename text version
UNIT_journal := file imagename journal keyfile pin record text url version log printable
UNIT_keys := base64 keys text
UNIT_login := boot config file keyfile login permission pin provision record setting settings \
	text url log printable version
UNIT_lockout := lockout text
UNIT_loop := loop
UNIT_md5 := md5 text
UNIT_mend := mend text
UNIT_minisig := base64 keys minisig text
UNIT_outcomeline := history outcomeline file keyfile record text log printable url
UNIT_permission := permission text
UNIT_multipart := multipart text
UNIT_pace := pace
UNIT_pauses := pauses text url
UNIT_perserial := file keyfile perserial text url log printable
UNIT_pin := pin
UNIT_printable := printable text
UNIT_provision := attribute candidate complaint md5 mend permission pin provision \
	library provision_parse rollout setting tag text url utf8 xml
UNIT_provision_dropped := $(UNIT_provision)
UNIT_provision_files := $(UNIT_provision)
UNIT_provision_hostile := $(UNIT_provision)
UNIT_resume := file imagename journal keyfile module pin record resume text url version log printable
UNIT_rollout := md5 rollout text
UNIT_rules := decision imagename md5 rollout rules rules_before rules_check rules_provisioned text url version
UNIT_rules_chain := decision imagename md5 rollout rules rules_check rules_provisioned text url version
UNIT_rules_every := decision imagename md5 rollout rules rules_check rules_provisioned text url version
UNIT_rules_version := decision imagename md5 rollout rules rules_check rules_provisioned text url version
UNIT_rules_provisioned := decision imagename md5 rollout rules rules_check rules_provisioned setting \
	text url version
UNIT_schedule := schedule
UNIT_setting := setting text url
UNIT_settings := boot file keyfile permission provision record setting settings text url log \
	printable
UNIT_settings_file := $(UNIT_settings)
UNIT_state := boot file history imagename journal keyfile perserial permission pin provision record \
	setting settings text url version log printable
UNIT_trust := base64 crypto digest keys library minisig pin text trust url
UNIT_url := imagename text url version
UNIT_utf8 := text utf8
UNIT_version := version
UNIT_web_text := form markup text words

define unit_test
$$(BUILD)/unit/test_$(1): $$(BUILD)/obj/unit/test_$(1).o \
	$$(BUILD)/obj/unit/unit.o $$(call uxmcd_objects,$$(UNIT_$(1)))
endef
$(foreach name,$(UNIT_NAMES),$(eval $(call unit_test,$(name))))

$(BUILD)/unit/test_settings $(BUILD)/unit/test_settings_file: \
	$(BUILD)/obj/unit/unit_settings.o
$(BUILD)/unit/test_fetchwire $(BUILD)/unit/test_fetchwire_bad \
	$(BUILD)/unit/test_fetchwire_request: $(BUILD)/obj/unit/unit_fetchwire.o
$(BUILD)/unit/test_provision $(BUILD)/unit/test_provision_dropped \
	$(BUILD)/unit/test_provision_files: $(BUILD)/obj/unit/unit_provision.o

$(UNIT_NAMES:%=$(BUILD)/unit/test_%): LDLIBS = $(shell $(PKG_CONFIG) --libs cmocka)
$(BUILD)/unit/test_trust: LDLIBS += -ldl
$(BUILD)/unit/test_credentials $(BUILD)/unit/test_hop: \
	LDLIBS += $(shell $(PKG_CONFIG) --libs libcurl)
$(BUILD)/unit/test_config $(BUILD)/unit/test_login: LDLIBS += $(shell $(PKG_CONFIG) --libs inih)
$(filter-out %_hostile,$(filter $(BUILD)/unit/test_provision%,$(UNIT_TESTS))): LDLIBS += -ldl
$(BUILD)/unit/test_provision_hostile: LDLIBS += $(shell $(PKG_CONFIG) --libs libxml-2.0) -ldl

UNIT_CPPFLAGS := $(uxmcd_folders:%=-Iuxmcd/%) -D_GNU_SOURCE $(shell $(PKG_CONFIG) --cflags libxml-2.0)

$(BUILD)/obj/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
