/** Units that are spoken to over TCP: terminals on the line's network, and serial servers. */
export { createTcpPorts, isTcpPath } from './tcp-ports.ts';
