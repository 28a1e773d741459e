/** Ports over TCP: terminals on the network, and serial servers. */
export { createTcpPorts, isTcpPath } from './tcp-ports.ts';
