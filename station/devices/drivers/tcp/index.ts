/** Ports over TCP: terminals on the network, and serial servers. */
export { createTcpPorts, isTcpPath, parseTcpPath } from './tcp-ports.ts';
