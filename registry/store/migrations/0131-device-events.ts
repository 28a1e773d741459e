/** The newest events of devices. Numbers grow over all devices and are not given again. */
export const DEVICE_EVENTS_SCHEMA = `
CREATE TABLE device_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id INTEGER NOT NULL REFERENCES devices (id),
  seq INTEGER NOT NULL,
  event TEXT NOT NULL,
  type TEXT NOT NULL,
  params TEXT NOT NULL,
  device_ms INTEGER,
  received_ms INTEGER NOT NULL,
  UNIQUE (device_id, seq)
) STRICT;
CREATE INDEX device_events_by_device ON device_events (device_id, number);
`;
