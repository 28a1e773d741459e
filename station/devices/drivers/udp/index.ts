/** Ports over UDP: each write is one datagram, and what comes from the address is data. */
export { createUdpPorts, isUdpPath } from './udp-ports.ts';
