/**
 * What devices and strangers were refused over MQTT, counted. Bounded by `refusalTable`: this is a trace for people, not a
 * record.
 */
export const REFUSALS_SCHEMA = `
CREATE TABLE refusals (
  id INTEGER PRIMARY KEY,
  device_id INTEGER REFERENCES devices (id),
  client_id TEXT NOT NULL,
  address TEXT NOT NULL,
  act TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX refusals_by_device ON refusals (device_id, last_ms);
CREATE INDEX refusals_by_time ON refusals (last_ms);
`;
