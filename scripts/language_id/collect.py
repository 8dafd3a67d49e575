#!/usr/bin/env python3
"""Download Debian packages that carry translated text and keep their text files.

    python3 collect.py --work DIR

Nothing is installed: `apt-get download` fetches the package and this script
unpacks only the files that clean.py can read.  The two tables below are the
whole split: a source package is either in TRAIN or in HELDOUT, never in both.
"""
import argparse
import fnmatch
import json
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from training.packages import apt, describe, fetch  # noqa: E402

# (package pattern, licence of the text as its debian/copyright states it)
TRAIN = [
    ("libreoffice-l10n-*", "MPL-2.0"),
    ("libreoffice-help-*", "MPL-2.0"),
    ("mediawiki", "GPL-2+"),
    ("wordpress-l10n", "GPL-2+"),
    ("gimp-data", "GPL-3+"),
    ("libgimp2.0", "LGPL-3+"),
    ("gimp-help-*", "GFDL-1.2+"),
    ("gnucash-common", "GPL-2+"),
    ("gramps", "GPL-2+"),
    ("inkscape", "GPL-2+"),
    ("lyx-common", "GPL-2+"),
    ("vlc-l10n", "GPL-2+"),
    ("darktable", "GPL-3+"),
    ("digikam-data", "GPL-2+"),
    ("krita-l10n", "GPL-2+ and LGPL-2+"),
    ("k3b-i18n", "GPL-2+"),
    ("scribus", "GPL-2+"),
    ("pidgin-data", "GPL-2+"),
    ("audacity-data", "CC-BY-3.0 or GPL-2+"),
    ("libgtk-3-common", "LGPL-2+"),
    ("libgtk2.0-common", "LGPL-2+"),
    ("libglib2.0-data", "LGPL-2.1+"),
    ("gnome-control-center-data", "GPL-2+"),
    ("evolution-common", "LGPL-2+"),
    ("coreutils", "GPL-3+"),
    ("bash", "GPL-3+"),
    ("dpkg", "GPL-2+"),
    ("apt", "GPL-2+"),
    ("aptitude-common", "GPL-2+"),
    ("aptitude-doc-*", "GPL-2+"),
    ("util-linux-locales", "GPL-2+"),
    ("gettext", "GPL-3+"),
    ("wget", "GPL-3+"),
    ("tar", "GPL-3+"),
    ("gnupg-l10n", "GPL-3+"),
    ("binutils-common", "GPL-3+"),
    ("git", "GPL-2"),
    ("manpages-zh", "GFDL-1.2+"),
    ("manpages-tr", "GPL-2+"),
    ("manpages-*", "GPL-3+"),
    ("debian-handbook", "GPL-2+ or CC-BY-SA-3.0"),
    ("debian-faq*", "copyleft permission notice"),
    ("debian-history", "GPL-2+"),
    ("maint-guide*", "GPL-2+"),
    ("developers-reference*", "GPL-2"),
    ("debian-reference-*", "GPL-2+"),
    ("debian-edu-doc-*", "GPL-2+"),
    ("live-manual-html", "GPL-3+"),
    ("gcompris-qt-data", "GPL-3+"),
    ("stellarium-data", "GPL-2+"),
    ("freeciv-data", "GPL-2+"),
    ("freeciv-client-gtk3", "GPL-2+"),
    ("minetest-data", "LGPL-2.1+"),
    ("tuxpaint-data", "GPL-2+"),
    ("tuxpaint-config", "GPL-2+"),
    ("hedgewars-data", "GPL-2"),
    ("fillets-ng-data", "GPL-2"),
    ("freedroidrpg-data", "GPL-2+"),
    ("pingus-data", "GPL-2+"),
    ("colobot-common", "GPL-3+"),
    ("kdevelop-data", "GPL-2+"),
    ("kate5-data", "LGPL-2+"),
    ("marble-data", "LGPL-2.1+"),
    ("kstars-data", "GPL-2+"),
    ("kalzium-data", "GPL-2+"),
    ("kgeography-data", "GPL-2+"),
    ("parley-data", "GPL-2+"),
    ("khangman", "GPL-2+"),
    ("ktouch-data", "GPL-2+"),
    ("klavaro", "GPL-3+"),
    ("kmymoney-common", "GPL-2+"),
    ("skrooge-common", "GPL-2+"),
    ("plasma-workspace-data", "GPL-2+"),
    ("konversation-data", "GPL-2+"),
    ("kpat", "GPL-2+"),
    ("kmahjongg", "GPL-2+"),
    ("cinnamon-l10n", "GPL-2+"),
    ("mate-control-center-common", "GPL-2+"),
    ("caja-common", "LGPL-2+"),
    ("pluma-common", "GPL-2+"),
    ("thunar-data", "GPL-2+"),
    ("xfce4-settings", "GPL-2+"),
    ("totem-common", "GPL-2+"),
    ("rhythmbox-data", "GPL-2+"),
    ("shotwell-common", "LGPL-2.1"),
    ("brasero-common", "GPL-3+"),
    ("liferea-data", "GPL-2+"),
    ("gnome-shell-common", "GPL-2+"),
    ("gnome-software-common", "GPL-2+"),
    ("hexchat-common", "GPL-2+ with OpenSSL exception"),
    ("qbittorrent", "GPL-3+"),
    ("mixxx-data", "GPL-2+"),
    ("roundcube-core", "GPL-3+"),
    ("phpmyadmin", "GPL-2"),
    ("fortunes-eo", "public-domain"),
    ("fortunes-ga", "BSD-3-Clause"),
    ("fortunes-zh", "GPL-3+"),
    ("fortunes-ru", "GPL-2"),
    ("fortunes-bg", "GPL"),
    ("fortunes-cs", "GPL"),
    ("fortunes-br", "GPL-2+"),
    ("fortunes-de", "GPL-2+"),
    ("fortunes-es", "GPL-2+"),
    ("fortunes-pl", "GPL-2+"),
]
HELDOUT = [
    ("firefox-esr-l10n-*", "MPL-2.0"),
    ("thunderbird-l10n-*", "MPL-2.0 or GPL-2 or LGPL-2.1"),
    ("wesnoth-1.16-data", "GPL-2+"),
    ("gnome-user-docs", "CC-BY-SA-3.0"),
    ("installation-guide-amd64", "GPL-2"),
    ("python3-django", "BSD-3-Clause"),
    ("nautilus-data", "GPL-3+"),
    ("gedit-common", "GPL-2"),
    ("epiphany-browser-data", "GPL-3+"),
    ("simple-scan", "GPL-3+"),
    ("transmission-common", "GPL-2+ with OpenSSL exception"),
    ("gpodder", "GPL-3+"),
    ("homebank-data", "GPL-2+"),
    ("warzone2100-data", "GPL-2+"),
    ("dokuwiki", "GPL-2"),
    ("okular", "GPL-2+"),
    ("konsole-kpart", "GPL-2+"),
    ("ktorrent-data", "GPL-2+"),
    ("keepassxc", "GPL-2 or GPL-3"),
]
SKIP = re.compile(r"(-l10n-all|manpages-.*dev$|manpages-(ja|pt)$)")  # the last two: licences not stated per text

# Files clean.py understands; everything else in a package is left out.
WANTED = re.compile(
    r"(\.mo|\.po|\.qm|\.xpi|/omni\.ja|\.page|\.docbook|/copyright"
    r"|/i18n/.*\.json|dialogs[^/]*\.lua|/inc/lang/.*\.(php|txt)"
    r"|/usr/share/man/[a-z][^/]*/man\d/.*\.gz|/usr/share/man/man\d/.*\.gz"
    r"|\.x?html?(\.[a-z][a-zA-Z_-]*)?|/games/fortunes/.*|/help/.*\.xhp|/localization/.*\.inc"
    r"|/skycultures/.*\.utf8)$")


def expand(table, names):
    out = {}
    for pattern, licence in table:
        exact = pattern in names
        for n in ([pattern] if exact else fnmatch.filter(names, pattern)):
            if not exact and SKIP.search(n):
                continue
            out.setdefault(n, licence)
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--keep-debs", action="store_true")
    a = ap.parse_args()
    debs, files = os.path.join(a.work, "debs"), os.path.join(a.work, "files")
    os.makedirs(debs, exist_ok=True)
    os.makedirs(files, exist_ok=True)
    names = sorted(apt("apt-cache", "pkgnames").split())
    train, held = expand(TRAIN, names), expand(HELDOUT, names)
    assert not set(train) & set(held), set(train) & set(held)
    todo = [("train", p, l) for p, l in train.items()] + [("heldout", p, l) for p, l in held.items()]
    todo = [t for t in todo if t[1] in names]
    rows = []
    for i in range(0, len(todo), 40):
        chunk = todo[i:i + 40]
        fetch([p for _, p, _ in chunk], debs, files, WANTED, a.keep_debs)
        meta = describe([p for _, p, _ in chunk])
        for role, p, licence in chunk:
            d = meta.get(p)
            if not d:
                continue  # a virtual name
            rows.append({"role": role, "package": p, "version": d["Version"],
                         "source": d.get("Source", p), "licence": licence})
        print(f"{min(i + 40, len(todo))}/{len(todo)} packages", file=sys.stderr, flush=True)
    both = {r["source"] for r in rows if r["role"] == "train"} & {r["source"] for r in rows if r["role"] == "heldout"}
    assert not both, f"source packages on both sides: {both}"
    with open(os.path.join(a.work, "packages.json"), "w") as f:
        json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
