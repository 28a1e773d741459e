/** Begins the name of the owner that a test binds its unit to; the name of the station follows. */
export const STATION_OWNER = 'station:';
