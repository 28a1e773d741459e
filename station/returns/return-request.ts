import type { Approval, Justification } from '../core/approval/index.ts';
import type { ParsedRecipe } from '../execution/recipes/index.ts';
import type { FlashRequest } from './flash-returned.ts';
import type { ReleaseOwner } from './release-owner.ts';
import type { WriteOff } from './write-off.ts';

/** Where a unit is: on a slot, or near the station under this Bluetooth address. */
export type UnitPlace = number | { readonly address: string };

interface OnSlot extends Justification {
  /** How the unit is read and flashed; as the recipe of the selected batch, or else of the newest one, when left out. */
  readonly recipe?: ParsedRecipe | undefined;
}

export interface ReturnRequest extends OnSlot {
  readonly slot: UnitPlace;
  readonly action: 'keep' | 'reissue' | 'retire';
  /** The firmware that is written first; none when left out. */
  readonly firmwareId?: string | undefined;
}

export interface FlashReturnRequest extends OnSlot, Pick<FlashRequest, 'firmwareId' | 'slot'> {}

export interface WriteOffRequest extends Justification, Omit<WriteOff, keyof Approval> {}

export interface UnbindRequest extends Justification, Omit<ReleaseOwner, keyof Approval> {}

/** A request whose approver was verified. */
export type Approved<T extends Justification> = Omit<T, keyof Justification> &
  Approval & { readonly reason: string };
