/** A station compares its records with the runs it told of: page by page, in the order of their keys. */
export const STATION_RUNS_SCHEMA = `
CREATE INDEX events_runs_of_station ON events (station, key) WHERE kind = 'run.finished';
`;
