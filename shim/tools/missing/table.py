# SPDX-License-Identifier: GPL-2.0-only
"""The table as a person reads it, and as JSON."""
import collections
import json
import os
import re

ORDER = ["option", "header", "include", "type", "member", "constant", "macro", "variable", "function"]

# What is not modelled here, and will not be: whoever needs it has come to the wrong house.
OUTSIDE = {
    "KVM": re.compile(r"\b(linux|asm|kvm)/\w*kvm\w*|^kvm/"),
    "devlink": re.compile(r"\bnet/devlink"),
    "networking": re.compile(
        r"^net/|^linux/(netdev|netlink|netfilter|skbuff|etherdevice|ethtool|inetdevice|rtnetlink|"
        r"if_(vlan|bridge|tun|link|arp|macvlan)|in6?\.h|ip(v6)?\.h|tcp|udp|phy|phylink|mdio|filter\.h)"),
    "s390": re.compile(r"\barch/s390/|\basm/(ap|airq|chsc|cio|ccwdev|ccwgroup|css_chars|eadm|facility|"
                       r"idals|isc|pci_insn|schid|scsw|zcrypt)\.h"),
}


def shown(path, units):
    """As short as it can be: a source's own name, a header's below its directory."""
    here = os.path.relpath(path)
    return here if len(here) < len(path) and not here.startswith("..") else \
        os.path.basename(path) if any(u.source == path for u in units) else path


def outside(need):
    """Which of what stays out a row is of, or None."""
    return next((area for area, pattern in OUTSIDE.items()
                 if pattern.search(need.where or "") or
                 (need.kind == "header" and pattern.search(need.name))), None)


def print_outside(search):
    areas = collections.Counter(filter(None, map(outside, search.needs.values())))
    if areas:
        said = ", ".join(f"{area} ({n} row{'s' if n > 1 else ''})" for area, n in areas.items())
        print(f"stays out: {said}: umdev models none of it")


def show(search, units):
    rows = [("what", "name", "Linux has it in", "used by")]
    for need in sorted(search.needs.values(), key=lambda n: (ORDER.index(n.kind), n.name)):
        users = [f"{shown(p, units)}:{n}" for p, n in need.users]
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        name = need.name + (f" ({need.note})" if need.note else "")
        rows.append((need.kind, name, need.where or "-", users[0] + more))
    if len(rows) > 1:
        widths = [max(len(r[i]) for r in rows) for i in range(3)]
        for row in rows:
            print("  ".join(c.ljust(w) for c, w in zip(row, widths)) + "  " + row[3])
        print()
    print_outside(search)
    counts = [(k, sum(1 for n in search.needs.values() if n.kind == k)) for k in ORDER]
    said = ", ".join(f"{n} {k}{'s' if n > 1 else ''}" for k, n in counts if n)
    print(f"{said or 'nothing'} missing in {len(units)} file{'s' if len(units) > 1 else ''}")


def as_json(search, left):
    rows = []
    for need in search.needs.values():
        row = {"kind": need.kind, "name": need.name, "linux": need.where or None,
               "users": [{"file": p, "line": n} for p, n in need.users]}
        if need.note:
            row["note"] = need.note
        if outside(need):
            row["outside"] = outside(need)
        rows.append(row)
    print(json.dumps({"missing": rows, "complete": not left,
                      "left": list(dict.fromkeys(tell(d) for d in left))}, indent=1))


def tell(diagnostic):
    caret = diagnostic["locations"][0]["caret"]
    return f"{caret['file']}:{caret['line']}:{caret['column']}: {diagnostic['message']}"
