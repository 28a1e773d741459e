/** The non-volatile storage of ESP32 devices (NVS) and their partition table: reading, building and changing it. */
export { buildNvsPartition } from './build-nvs.ts';
export {
  findNvsValue,
  nvsString,
  nvsText,
  type NvsContent,
  type NvsItem,
  type NvsValue,
} from './nvs-value.ts';
export { type NvsReading, readNvs } from './read-nvs.ts';
export { type NvsChange, type NvsUpdate, planNvsUpdate } from './update-nvs.ts';
export {
  type Partition,
  PARTITION_TABLE_BYTES,
  PARTITION_TABLE_OFFSET,
  type PartitionTable,
  readPartitionTable,
} from './partition-table.ts';
