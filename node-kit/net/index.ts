/** Network sockets: errors of listening as faults. */
export { asListenFault } from './listen-fault.ts';
