/** A station compares its records with the runs it told of: page by page, in the order of their ids. */
export const STATION_RUNS_SCHEMA = `
CREATE INDEX runs_by_station ON runs (station, run_id);
`;
