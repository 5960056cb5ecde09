import { z } from 'zod';

/**
 * An input of a script in its manifest: like an input of a directive, but
 * required unless it has a default.
 */
export const scriptInput = z
  .strictObject({
    type: z.enum(['string', 'integer', 'number', 'boolean', 'object', 'array']).optional(),
    description: z.string().optional(),
    required: z.boolean().optional(),
    default: z.json().optional(),
    enum: z.array(z.json()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    format: z.string().optional(),
  })
  .transform((spec) => ({ ...spec, required: spec.required ?? spec.default === undefined }));
