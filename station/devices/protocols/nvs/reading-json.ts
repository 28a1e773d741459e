import type { Json } from '#shared/codec/json-value.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';

/** A reading as a recording has it. */
export interface ReadingJson {
  readonly [key: string]: Json;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly secretMatches: boolean | null;
  /** True: the unit has a partition that can take an identity. */
  readonly takesIdentity: boolean;
}

export function readingToJson(reading: IdentityReading, takesIdentity: boolean): ReadingJson {
  if (reading.kind === 'none')
    return { productId: null, deviceName: null, secretMatches: null, takesIdentity };
  return { ...reading.name, secretMatches: reading.secretMatches, takesIdentity };
}

export function readingFromJson({ productId, deviceName, secretMatches }: ReadingJson): IdentityReading {
  if (productId === null || deviceName === null) return { kind: 'none' };
  return { kind: 'holds', name: { productId, deviceName }, secretMatches };
}
