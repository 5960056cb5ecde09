import { z } from 'zod';

/** An input of a script, as its manifest declares it: as a directive declares its own, but required where it has no default. */
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
