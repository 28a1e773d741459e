import { z } from 'zod';
import { productId } from '../domain/triple.ts';

/** The states of a triple at the registry: available, leased to a station, bound to a unit, retired. */
export const DEVICE_STATES = ['available', 'leased', 'bound', 'retired'] as const;
/** `quarantined`: leased to a station that was given up; a person decides. */
export const deviceState = z.enum([...DEVICE_STATES, 'quarantined']);
export type DeviceState = z.infer<typeof deviceState>;

/** `POST /v1/products`: creates the product, or gives it this name. */
export const productRequest = z.object({ productId, name: z.string().trim().min(1).max(200) });
export type ProductRequest = z.infer<typeof productRequest>;

/** A product with the number of its triples by state. */
export const productView = z.object({
  productId: z.string(),
  name: z.string(),
  createdMs: z.int(),
  counts: z.record(z.enum(DEVICE_STATES), z.int()),
  /** Leased triples that are in quarantine; omitted for 0. */
  quarantined: z.int().optional(),
});
export type ProductView = z.infer<typeof productView>;

export const productsReply = z.object({ products: z.array(productView) });
export type ProductsReply = z.infer<typeof productsReply>;
