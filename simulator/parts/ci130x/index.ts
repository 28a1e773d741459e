/** The bootloader of the CI130x voice chips and the vendor's updater, over a flash with the chip's partition tables. */
export { bootFrame } from './boot-frame.ts';
export { Ci130xBootStage, type Ci130xOptions } from './boot-stage.ts';
export { ChipFlash } from './chip-flash.ts';
export { crc16 } from './crc16.ts';
export { type ChipModel, partitionTable, TABLE_ADDRESSES, type TablePartition } from './partition-table.ts';
