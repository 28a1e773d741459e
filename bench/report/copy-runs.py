"""Copies the runs of a batch with their steps and measurements until it has as many as asked: a station would record them for an hour."""

import sqlite3
import sys

path, batch, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = sqlite3.connect(path, isolation_level=None)
db.execute("PRAGMA synchronous = OFF")
made, first, last = db.execute(
    "SELECT count(*), min(started_at), max(started_at) FROM run WHERE batch_id = ?", (batch,)
).fetchone()
columns = lambda table: [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
span = last - first + 10


def copied(table, moved):
    """INSERT of all rows of the first runs, with other expressions for some columns."""
    names = columns(table)
    picked = ", ".join(moved.get(name, f"{table}.{name}") for name in names)
    join = "" if table == "run" else "JOIN run USING (run_id)"
    return f"""INSERT INTO {table} ({", ".join(names)}) SELECT {picked} FROM {table} {join}
               WHERE batch_id = :batch AND run.started_at <= :last ORDER BY run.run_id LIMIT :limit"""


new_id = "printf('%s-%09d', batch_id, substr(run_id, length(batch_id) + 2) + :shift)"
run_of = {"run_id": new_id, "started_at": "started_at + :later", "finished_at": "finished_at + :later"}
shift = made
while shift < wanted:
    runs = min(made, wanted - shift)
    values = {"batch": batch, "last": last, "shift": shift, "later": span * shift // made}
    db.execute("BEGIN")
    db.execute(copied("run", run_of), {**values, "limit": runs})
    # With the first copy the runs are whole; the last one may be shorter.
    until = f"AND run.run_id < printf('%s-%09d', :batch, {runs})"
    for table in ("run_step", "measurement"):
        sql = copied(table, {"run_id": new_id.replace("run_id", f"{table}.run_id")})
        db.execute(sql.replace("ORDER BY", f"{until} ORDER BY"), {**values, "limit": -1})
    db.execute("COMMIT")
    shift += runs
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
