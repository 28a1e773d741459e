"""The same runs by Python's sqlite3, csv and json, as a plain script would write them: one read from the first run to the last."""

import csv
import datetime
import json
import resource
import sqlite3
import sys
import time

database, batch, path, form = sys.argv[1:]
began = time.monotonic()
db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
columns = {}
for phase, step, name, unit, _ in [] if form == "jsonl" else db.execute(
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


def write_csv():
    runs = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["run", "serial number", "outcome", "failure", "started", "finished", *(name for _, _, name, _ in columns)])
        for run, serial, outcome, failure, started, finished in read_runs():
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
    return runs


def write_jsonl():
    runs = 0
    with open(path, "w", encoding="utf-8", newline="") as out:
        for run, serial, outcome, failure, started, finished in read_runs():
            steps = {}
            for seq, phase, step, attempt, ended in db.execute(
                "SELECT seq, phase, step, attempt, outcome FROM run_step WHERE run_id = ? ORDER BY seq", (run,)
            ):
                steps[seq] = {"phase": phase, "step": step, "attempt": attempt, "outcome": ended, "measurements": []}
            for seq, name, value, unit, limits, ended in db.execute(
                """SELECT step_seq, name, value, unit, limits, outcome FROM measurement WHERE run_id = ?
                   ORDER BY step_seq, seq""",
                (run,),
            ):
                measured = {"name": name, "value": json.loads(value), "unit": unit, "limits": limits, "outcome": ended}
                steps[seq]["measurements"].append(measured)
            first = json.loads(failure) if failure else None
            whole = {"run": run, "serialNumber": serial, "outcome": outcome, "firstFailure": first}
            whole |= {"startedAt": iso(started), "finishedAt": iso(finished), "steps": list(steps.values())}
            out.write(json.dumps(whole, ensure_ascii=False) + "\n")
            runs += 1
    return runs


def read_runs():
    return db.execute(
        """SELECT run_id, serial_number, outcome, failure, started_at, finished_at FROM run
           WHERE batch_id = ? ORDER BY started_at, run_id""",
        (batch,),
    )


runs = write_csv() if form == "csv" else write_jsonl()
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
