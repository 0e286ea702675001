<?xml version="1.0" encoding="utf-8"?>
<firmware-settings>
<firmware>@BASE@/fw/snomD785-10.1.101.11-SIP-r.bin</firmware>
<firmware_uxm perm="">@IMAGE@?mac={mac}&ext=201</firmware_uxm>
</firmware-settings>
