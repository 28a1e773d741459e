/**
 * Updates of firmware over the network. A task is one firmware for any number of devices; each of its devices has a state, and an
 * attempt for each time that the update was sent to it. An update that a station asks for is a task of one device.
 * `ota_updates_one_running_per_device` lets one update of a device run.
 */
export const OTA_SCHEMA = `
CREATE TABLE ota_tasks (
  task_id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES products (product_id),
  firmware_id TEXT NOT NULL REFERENCES firmware (firmware_id),
  station TEXT NOT NULL,
  key TEXT NOT NULL,
  within_ms INTEGER NOT NULL CHECK (within_ms > 0),
  created_ms INTEGER NOT NULL,
  UNIQUE (station, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE ota_updates (
  update_id INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL REFERENCES ota_tasks (task_id),
  device_id INTEGER NOT NULL REFERENCES devices (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'pushed', 'updating', 'succeeded', 'failed')),
  failure TEXT CHECK (failure IN ('device', 'time-out', 'superseded', 'cancelled', 'attempts')),
  from_version TEXT,
  result_code INTEGER,
  result_text TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  deadline_ms INTEGER NOT NULL,
  UNIQUE (task_id, device_id),
  CHECK ((state = 'failed') = (failure IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX ota_updates_one_running_per_device ON ota_updates (device_id)
  WHERE state IN ('pending', 'pushed', 'updating');
CREATE INDEX ota_updates_by_device ON ota_updates (device_id, update_id);
CREATE INDEX ota_updates_by_task ON ota_updates (task_id, state);

CREATE TABLE ota_attempts (
  update_id INTEGER NOT NULL REFERENCES ota_updates (update_id),
  attempt INTEGER NOT NULL CHECK (attempt > 0),
  pushed_ms INTEGER NOT NULL,
  stage TEXT CHECK (stage IN ('downloading', 'burning', 'done')),
  percent REAL,
  percent_ms INTEGER,
  first_percent REAL,
  first_percent_ms INTEGER,
  PRIMARY KEY (update_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ota_tasks_fixed BEFORE UPDATE ON ota_tasks
  BEGIN SELECT RAISE(ABORT, 'a task of updates is never changed'); END;
CREATE TRIGGER ota_updates_ended BEFORE UPDATE ON ota_updates WHEN OLD.state IN ('succeeded', 'failed')
  BEGIN SELECT RAISE(ABORT, 'an update that has ended is never changed'); END;
`;
