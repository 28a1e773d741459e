"""The same table by Python's sqlite3 and csv, as a plain script would write it: one read from the first run to the last."""

import csv
import datetime
import json
import resource
import sqlite3
import sys
import time

database, batch, path = sys.argv[1:]
began = time.monotonic()
db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
columns = {}
for phase, step, name, unit, _ in db.execute(
    """SELECT phase, step, name, unit, max(step_seq * 10000 + measurement.seq) AS place FROM run JOIN measurement USING (run_id)
       JOIN run_step ON run_step.run_id = run.run_id AND run_step.seq = step_seq
       WHERE batch_id = ? GROUP BY phase, step, name, unit ORDER BY place""",
    (batch,),
):
    columns[(phase, step, name, unit)] = len(columns)


def iso(ms):
    if ms is None:
        return ""
    moment = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


runs = 0
with open(path, "w", encoding="utf-8-sig", newline="") as out:
    writer = csv.writer(out)
    writer.writerow(["run", "serial number", "outcome", "failure", "started", "finished", *(name for _, _, name, _ in columns)])
    for run, serial, outcome, failure, started, finished in db.execute(
        """SELECT run_id, serial_number, outcome, failure, started_at, finished_at FROM run
           WHERE batch_id = ? ORDER BY started_at, run_id""",
        (batch,),
    ):
        cells = [""] * len(columns)
        for phase, step, name, unit, value in db.execute(
            """SELECT phase, step, name, unit, value FROM measurement JOIN run_step ON run_step.run_id = measurement.run_id
               AND run_step.seq = step_seq WHERE measurement.run_id = ? ORDER BY step_seq, measurement.seq""",
            (run,),
        ):
            cells[columns[(phase, step, name, unit)]] = json.loads(value)
        code = json.loads(failure)["code"] if failure else ""
        writer.writerow([run, serial, outcome, code, iso(started), iso(finished), *cells])
        runs += 1
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "runs": runs,
            "ms": round((time.monotonic() - began) * 1000),
            "cpuMs": round((usage.ru_utime + usage.ru_stime) * 1000),
            # Linux counts in KiB.
            "rssMb": usage.ru_maxrss * 1024 / 1e6,
        }
    )
)
