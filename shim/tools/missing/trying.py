# SPDX-License-Identifier: GPL-2.0-only
"""The rounds: the sources are compiled with stand-ins, and what the compiler then says is read.

Where no message tells of something new, other stand-ins are tried; a round is
kept for what it makes better.
"""
import os
import re
import sys
import time

import infer
import needs
from search import TEXT_OF, is_error, is_told

ROUNDS = 300    # each finds something; no driver needs a tenth of them
# of what Linux declares: nothing, what makes more errors than another, and what makes others than another
GIVEN_UP = range(3)
TOLD_BY_ANOTHER = 6     # stand-ins that are tried since one that does not fit told of them


class Clock:
    """Until when to search; who waits for it at a terminal is told how far it is."""

    EVERY = 5   # seconds

    def __init__(self, limit):
        self.start = self.told = time.monotonic()
        self.limit, self.over = limit, False

    def expired(self):
        self.over = self.over or time.monotonic() - self.start > self.limit
        return self.over

    def tell(self, what):
        now = time.monotonic()
        if sys.stderr.isatty() and now - self.told > self.EVERY:
            self.told = now
            print(f"umdev missing: {now - self.start:.0f} s: {what}", file=sys.stderr, flush=True)


def errors_of(gcc, units=None, wanted=is_error):
    """Of each source that has some, in order."""
    found = {}
    for unit, diagnostic in gcc.check(units):
        if wanted(diagnostic):
            found.setdefault(unit, []).append(diagnostic)
    return found


def learn(search, errors):
    """Reads what the compiler says; True if the next round may go better."""
    # of a rank all of them, each in its turn
    return any(any([search.take(d, rank) for d in errors]) for rank in search.RANKS)


def learn_without_trust(search, errors):
    search.trusted = False
    learned = learn(search, errors)
    search.trusted = True
    return learned


def search_all(search, gcc, over, clock):
    """Rounds until nothing is missing, or nothing helps. Returns what is left.

    Sources of a driver share most of their headers, and what those lack: a few
    sources are looked at until nothing is left of them, and then more.
    """
    over.write(search)
    for name, path, line in gcc.headers():
        search.lacks_header(name, (path, line))
    add_fallbacks(search, gcc)
    add_texts(search, gcc)
    width = os.cpu_count() or 1
    gcc.at_work = gcc.units[:width]
    given_up = set()        # sources whose errors nothing mended
    for search.round in range(ROUNDS):
        over.write(search)
        search.expansions = {}
        found = errors_of(gcc, gcc.at_work, is_told)
        if not found and len(gcc.at_work) < len(gcc.units):
            found = errors_of(gcc, None, is_told)
            gcc.at_work = [unit for unit in found if unit not in given_up][:width]
            width *= 2
        errors = [d for unit in gcc.at_work for d in found.get(unit, ())]
        if not errors or clock.expired():
            break
        clock.tell(f"round {search.round + 1}: {len(search.needs)} missing, {len(errors)} errors behind them")
        if not learn(search, errors) and not learn_without_trust(search, errors):
            errors = [d for d in errors if is_error(d)]
            if any(try_others(search, gcc, over, errors, clock, given) for given in GIVEN_UP):
                continue
            # as it was when these were told: trying has left something else there
            over.write(search)
            search.expansions = {}
            if any([search.take(d, search.LAST) for d in errors]):
                continue
            # the others may lack more than that
            given_up |= set(found)
            gcc.at_work = []
    gcc.at_work = gcc.units
    over.write(search)
    return [d for found in errors_of(gcc).values() for d in found]


def add_fallbacks(search, gcc):
    """#ifndef FOO, #define FOO: a source that makes its own of what a header that is missing has."""
    for unit in gcc.units:
        for match in re.finditer(r"^\s*#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b", unit.text(), re.M):
            fact, real = search.in_linux(match[1], "macro")
            if fact and ("header", search.tree.relative(fact.path)) in search.needs:
                need = needs.function(match[1], fact, real) if re.match(r"#\s*define\s+\w+\(", real) \
                    else needs.value(match[1], fact, real)
                need.placed = True      # the compiler does not ask for it
                search.add(need, (unit.source, unit.text().count("\n", 0, match.start(1)) + 1))


def add_texts(search, gcc):
    """__stringify(FOO) of a source: what it lacks there it is not asked for."""
    for unit in gcc.units:
        arguments = set(re.findall(r"\w+", " ".join(re.findall(r"#\s*define\s+\w+\(([^)]*)\)", unit.text()))))
        own = set(re.findall(r"^\s*#\s*define\s+(\w+)", unit.text(), re.M))
        for match in TEXT_OF.finditer(unit.text()):
            if match[1] not in arguments | own:
                search.macro_alone(match[1], (unit.source, unit.text().count("\n", 0, match.start()) + 1))


def count_errors(search, gcc, over, units):
    """How many nobody can read, and how many there are; and which."""
    over.write(search)
    errors = [d for _unit, d in gcc.check(units) if is_error(d)]
    return (sum(1 for d in errors if not search.reads(d)), len(errors)), errors


def try_together(search, gcc, over, diagnostic, suspects):
    """Where a number is wanted of several names, one alone mends nothing: all at once."""
    group = [(n, n.number()) for n in suspects if n.number() not in (None, n.at)]
    if not infer.number_wanted(diagnostic) or len(group) < 2:
        return False
    units = gcc.users(group[0][0])
    before = [need.at for need, _number in group]
    were, _errors = count_errors(search, gcc, over, units)
    for need, number in group:
        need.at = number
    if count_errors(search, gcc, over, units)[0] < were:
        return True
    for (need, _number), at in zip(group, before):
        need.at = at
    return False


def try_others(search, gcc, over, errors, clock, given):
    """Other stand-ins with which there are fewer errors; False if there are none.

    @given: which of GIVEN_UP, of what Linux declares; errors that can be read are better than others.
    """
    tried, lines, words, changed = set(), set(), set(), False
    for diagnostic in errors:
        where, text = search.place(diagnostic)
        if where in lines or words & set(re.findall(r"\w+", text)):
            continue        # what follows from a change there is seen in the next round
        suspects = [n for n in search.suspects(diagnostic)[:4] if given or n.at or not n.real]
        if not clock.expired() and try_together(search, gcc, over, diagnostic, suspects):
            lines.add(where)
            changed = True
            continue
        for need in suspects:
            hinted = search.hint(need, diagnostic)
            if (need in tried and not hinted) or clock.expired():
                continue
            clock.tell(f"{len(search.needs)} missing, {len(errors)} errors; another stand-in for {need}")
            others = hinted if need in tried else \
                hinted + [at for at in range(len(need.text)) if at not in hinted]
            tried.add(need)
            if try_of(search, gcc, over, need, others, len(hinted), clock, given > 1):
                lines.add(where)
                words.add(need.word)
                changed = True
                break
    return changed


def try_of(search, gcc, over, need, others, hinted, clock, whatever):
    """The best of @need's stand-ins @others, of which the first @hinted do to be better. False if none is.

    What is said of one that does not fit may tell another.
    """
    units = gcc.users(need)
    before, others = need.at, list(others)
    most = len(others) + TOLD_BY_ANOTHER
    first, errors = count_errors(search, gcc, over, units)
    best, seen = (first, before), {d["message"] for d in errors}
    for number, need.at in enumerate(others):
        if best[0][1] == 0 or (number >= hinted and best[1] in others[:hinted]) or clock.expired():
            break
        if need.at == before:
            continue
        score, errors = count_errors(search, gcc, over, units)
        if score < best[0] and (whatever or before or not need.real or score[1] < first[1]):
            best = (score, need.at)
        for diagnostic in [d for d in errors if d["message"] not in seen][:2]:
            if need in search.suspects(diagnostic) and len(others) < most:
                others += [at for at in search.hint(need, diagnostic) if at not in others]
    need.at = best[1]
    return need.at != before


def drop_unused(search):
    """Members of what was made up for a stand-in that another one took the place of."""
    unused = True
    while unused:
        used = "\n".join(need.stand_in() for need in search.needs.values())
        unused = [key for key, need in search.needs.items() if (need.owner or "").startswith("struct um_") and
                  not re.search(rf"\b{need.owner}\b", used)]
        for key in unused:
            del search.needs[key]


def prune(search, gcc, over, clock):
    """Drops what only followed from something else that was missing at first.

    All go at once; what the compiler then asks for comes back, until it asks for
    nothing.
    """
    drop_unused(search)
    whole = dict(search.needs)
    doubtful = {k: n for k, n in whole.items() if n.kind not in ("option", "header", "type") and not n.placed}
    while doubtful and not clock.expired():
        clock.tell(f"do the other {len(doubtful)} only follow from something else?")
        search.needs = {k: n for k, n in whole.items() if k not in doubtful}
        over.write(search)
        errors = [d for _unit, d in gcc.check() if is_error(d)]
        if not errors:
            break
        asked = set()
        for diagnostic in errors:
            asked |= set(re.findall(r"\w+", diagnostic["message"])) | \
                set(re.findall(r"\w+", search.place(diagnostic)[1]))
        back = [k for k, n in doubtful.items() if asked & set(n.names())]
        for key in back or list(doubtful):
            del doubtful[key]
    else:
        search.needs = whole
    over.write(search)
