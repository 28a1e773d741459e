import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';

/** Id of a property, an action or a parameter of a thing model. */
export const propertyId = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, shape('shape-property-id'));
export const propertyValue = z.union([z.string().max(512), z.number(), z.boolean()]);
