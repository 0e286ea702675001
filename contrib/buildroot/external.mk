include $(sort $(wildcard $(BR2_EXTERNAL_UXMC_PATH)/package/*/*.mk))
