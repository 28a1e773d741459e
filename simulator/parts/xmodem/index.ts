/** The boot loader of the US516P6 (SU-03T), which receives firmware by XMODEM with CRC. */
export { versionInImage, XmodemBootStage, type XmodemBootOptions } from './boot-stage.ts';
export { receiveXmodem, type ReceiverEnd, type ReceiverOptions, WANT_CRC } from './receiver.ts';
