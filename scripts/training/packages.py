"""Text files out of Debian packages, which are downloaded and never installed."""
import os
import re
import subprocess
import tarfile

MAX_FILE = 40_000_000


def apt(*args):
    return subprocess.run(list(args), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def describe(packages):
    """name -> {"Package", "Version", and "Source" where it differs}, of the newest versions; a virtual name has none."""
    found = {}
    for block in apt("apt-cache", "show", "--no-all-versions", *packages).split("\n\n"):
        fields = dict(re.findall(r"^(Package|Version|Source): (\S+)", block, re.M))
        if fields:
            found[fields["Package"]] = fields
    return found


def unpack(deb, dest, wanted):
    """Write the files of one .deb whose path matches wanted below dest; says how many."""
    p = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    n = 0
    with tarfile.open(fileobj=p.stdout, mode="r|") as tar:
        for m in tar:
            name = m.name.lstrip("./")
            if not m.isreg() or m.size > MAX_FILE or not wanted.search("/" + name):
                continue
            path = os.path.join(dest, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(tar.extractfile(m).read())
            n += 1
    p.wait()
    return n


def fetch(packages, debs, files, wanted, keep_debs):
    """Download the packages that have no folder in files yet, and unpack the wanted files of each into files/PACKAGE."""
    missing = [p for p in packages if not os.path.isdir(os.path.join(files, p))]
    if not missing:
        return
    subprocess.run(["apt-get", "download", "-q"] + missing, cwd=debs, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in os.listdir(debs):
        package = name.split("_")[0]
        if package in missing and name.endswith(".deb"):
            deb = os.path.join(debs, name)
            unpack(deb, os.path.join(files, package), wanted)
            if not keep_debs:
                os.remove(deb)
