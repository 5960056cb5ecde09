import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Right } from '../../access/rights.js';

/** The metadata key of a handler's policy. */
export const POLICY = 'mission:policy';

/** The right that a handler requires, or `public` when it needs no key. */
export type Policy = Right | 'public';

/** Sets the right that a handler requires. A handler without a policy makes the start fail. */
export const Requires = (right: Right): CustomDecorator => SetMetadata(POLICY, right);

/** Marks a handler that answers without a key. */
export const Public = (): CustomDecorator => SetMetadata(POLICY, 'public');
