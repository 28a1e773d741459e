import { iotVideoModel } from '../../parts/iot-video/index.ts';

/** Category 113 of document 001, with the sample product's events. */
export const CAMERA_MODEL = iotVideoModel('FT92000JFG', '113', { properties: [], actions: [] }, false);
