/** Ports over TCP: terminals on the network, and serial servers. */
export { createRfc2217Ports, isRfc2217Path } from './rfc2217-ports.ts';
export { createTcpPorts, isTcpPath, parseTcpPath } from './tcp-ports.ts';
