"""Reads the journal of records by docs/adr/0024-record-journal.md alone: a second implementation of its digests.

usage: read-journal.py DATABASE; prints {"records": N, "runs": N, "parts": N, "entries": N, "differing": [...]}
"""

import hashlib
import json
import re
import sqlite3
import sys

WITHOUT_OWN_DIGEST = {"audit", "record_journal", "run", "run_step", "measurement", "attachment"}
# Made of the records of runs, see docs/adr/0053.
DERIVED = {
    "fact_progress", "fact_origin", "fact_cause", "fact_unit_state", "fact_phase", "fact_series", "run_fact",
    "batch_fact", "unit_cell", "run_cell", "duration_cell", "series_cell",
}
UNCOVERED = {"unit": ["last_seen_at"], "outbox": ["attempts"], "firmware_upload": ["received"]}
DELIVERY = ["state", "reason", "settled_at", "set_aside"]

db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
differing = []


def columns_of(table):
    """Name and default of each column, by name, and the columns of the key."""
    info = db.execute(f"PRAGMA table_info({table})").fetchall()
    columns = sorted((c[1], default(c[4])) for c in info if c[1] not in UNCOVERED.get(table, []))
    return columns, [c[1] for c in sorted(info, key=lambda c: c[5]) if c[5] > 0]


def default(text):
    if text is None or text == "NULL":
        return None
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return text[1:-1].replace("''", "'")


def encode(value):
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def digest(value):
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def fields(columns, row):
    changed = [(name, encode(cell)) for (name, before), cell in zip(columns, row) if cell != before]
    return [part for pair in changed for part in pair]


def noted(kind, key):
    sql = "SELECT digest FROM record_journal WHERE tbl = ? AND key = ? ORDER BY seq DESC LIMIT 1"
    row = db.execute(sql, (kind, key)).fetchone()
    return row[0] if row else None


def compare(kind, key, wanted):
    if noted(kind, key) != wanted:
        differing.append(f"{kind} {key}")
    return 1


def rows(table, columns, key, where="1", values=()):
    names = ",".join(name for name, _ in columns)
    return db.execute(f"SELECT {names} FROM {table} WHERE {where} ORDER BY {','.join(key)}", values)


records = runs = parts = entries = 0
tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'")
for (table,) in tables.fetchall():
    if table in WITHOUT_OWN_DIGEST | DERIVED:
        continue
    columns, key = columns_of(table)
    groups = [(table, [c for c in columns if table != "outbox" or c[0] not in DELIVERY])]
    if table == "outbox":
        groups.append(("outbox.delivery", [c for c in columns if c[0] in DELIVERY]))
    for kind, group in groups:
        names = ",".join(key + [name for name, _ in group])
        for row in db.execute(f"SELECT {names} FROM {table}").fetchall():
            of_key = row[: len(key)]
            found = fields(group, row[len(key) :])
            wanted = None if kind != table and not found else digest([kind, found])
            text = str(of_key[0]) if len(key) == 1 else json.dumps(of_key, separators=(",", ":"))
            records += compare(kind, text, wanted)

for (run,) in db.execute("SELECT run_id FROM run WHERE outcome IS NOT NULL").fetchall():
    whole = []
    for table in ("run", "run_step", "measurement", "attachment"):
        columns, key = columns_of(table)
        found = [fields(columns, row) for row in rows(table, columns, key, "run_id = ?", (run,))]
        # Runs without attachments have the digest that they had before there were attachments.
        if table != "attachment" or found:
            whole.append([table, found])
    runs += compare("run", run, digest(whole))

before = "0" * 64
for row in db.execute("SELECT seq, at, actor, role, action, subject, details, hash FROM audit ORDER BY seq").fetchall():
    entries += 1
    if digest([before, *row[:7]]).hex() != row[7]:
        differing.append(f"audit {row[0]}")
    before = row[7]
    if row[4] not in ("records.keep", "records.adopt"):
        continue
    said = json.loads(row[6])
    total = hashlib.sha256()
    part = "SELECT seq, tbl, key, was, digest FROM record_journal WHERE seq > ? AND seq <= ? ORDER BY seq"
    for seq, *cells in db.execute(part, (said["from"], said["upTo"])):
        words = ["-" if c is None else (c if isinstance(c, bytes) else c.encode()).hex().upper() for c in cells]
        total.update(f"{seq} {' '.join(words)}\n".encode())
    parts += 1
    if total.hexdigest() != said["digest"]:
        differing.append(f"part of entry {row[0]}")

print(json.dumps({"records": records, "runs": runs, "parts": parts, "entries": entries, "differing": differing}))
