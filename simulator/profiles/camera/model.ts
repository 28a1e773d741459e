import { iotVideoModel } from '../../parts/iot-video/index.ts';

/**
 * Category 113 and properties of document 001. ProductId and the event `cs_event` are specific to the sample product: the
 * document's product FT92000JFG has neither events nor actions.
 */
export const CAMERA_MODEL = iotVideoModel('GWCAMERA01', '113', { properties: [], actions: [] }, false);
