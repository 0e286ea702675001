# SPDX-License-Identifier: GPL-2.0-or-later
"""make web: a phone in a guest, whose pages can be tried in a browser until it is
interrupted. There is one module, and a server with an image for it.
"""
from phone import PASSWORD, USER, Phone

# The size of the vendor's image of version 1.1.1
SIZE = 35708675


def provision(phone, url):
    """The server names an image, and somebody has to agree."""
    status = phone.serve_text("/firmware.xml", f"""<firmware-settings>
<firmware_uxm>{url}</firmware_uxm>
</firmware-settings>
""")
    phone.ask("set update_policy ask_for_update")
    phone.ask(f"set firmware_status {status}")


def main():
    print("A phone boots in a guest; that takes about half a minute.", flush=True)
    with Phone(timeout=86400) as phone:
        phone.plug()
        url = phone.serve(size=SIZE)
        provision(phone, phone.serve(version="1.7.1", size=SIZE))
        print(f"""
  pages    {phone.base}
  user     {USER}
  password {PASSWORD}
  image    {url}

Software Update: enter the image's URL in the field "Firmware", and press "Load"; or
press "Check now", as another image is provisioned. Interrupt (Ctrl-C) to end.
""", flush=True)
        try:
            phone.process.wait()
        except KeyboardInterrupt:
            print("The phone is switched off.")


if __name__ == "__main__":
    main()
