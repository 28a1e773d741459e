/** The receiver of XMODEM with CRC. */
export { receiveXmodem, type ReceiverEnd, type ReceiverOptions, WANT_CRC } from './receiver.ts';
