import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { CAMERA_MODEL } from '../../../simulator/profiles/camera/model.ts';
import { PICTURE_LOCK_MODEL } from '../../../simulator/profiles/picture-lock/index.ts';
import { VIDEO_LOCK_MODEL } from '../../../simulator/profiles/video-lock/model.ts';
import { VOICE_LAMP_MODEL } from '../../../simulator/profiles/voice-jx12f/model.ts';

describe('the thing models beside the sample recipes', () => {
  it.each([
    ['camera', CAMERA_MODEL],
    ['picture-lock', PICTURE_LOCK_MODEL],
    ['video-lock', VIDEO_LOCK_MODEL],
    ['voice-jx12f', VOICE_LAMP_MODEL],
  ])('%s: is the model of the simulated unit', async (name, model) => {
    const path = new URL(`../../../resources/recipes/${name}-model.json`, import.meta.url);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(model);
  });

  it('have the ids of document 001', () => {
    const system = ['_sys_xp2p_info', '_sys_cs_days', '_sys_cs_status', '_sys_cs_type'];
    const lock = [...system, 'lock_motor_state', 'battery_percentage'];
    const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
    expect(ids(CAMERA_MODEL.properties)).toEqual(system);
    expect(ids(PICTURE_LOCK_MODEL.properties)).toEqual(lock);
    expect(ids(VIDEO_LOCK_MODEL.properties)).toEqual([...lock, 'wakeup_state', 'cards']);
    expect(ids(PICTURE_LOCK_MODEL.actions)).toEqual(['unlock_remote']);
    expect(ids(VIDEO_LOCK_MODEL.actions)).toEqual(['wake_up', 'unlock_remote']);
  });
});
