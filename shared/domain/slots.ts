/** The most slots of a station, as positions of one fixture (docs/slots.md). Station, hosts and command line share it. */
export const MAX_SLOTS = 16;
