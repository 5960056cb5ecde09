import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Right } from '../../access/rights.js';

/** Where a handler's policy is kept. */
export const POLICY = 'mission:policy';

/** A right, or `public` for what needs no key. */
export type Policy = Right | 'public';

/** The right that a handler asks for; a handler without one stops the process at boot. */
export const Requires = (right: Right): CustomDecorator => SetMetadata(POLICY, right);

/** A handler that answers without a key. */
export const Public = (): CustomDecorator => SetMetadata(POLICY, 'public');
