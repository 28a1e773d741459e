/** For the pages of runs, ordered by key, that a station compares with its records. */
export const STATION_RUNS_SCHEMA = `
CREATE INDEX events_runs_of_station ON events (station, key) WHERE kind = 'run.finished';
`;
