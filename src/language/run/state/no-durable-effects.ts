import type { DurableEffects } from './durable-effects.js';

/** Where nothing can be waited for: whatever would wait calls `refuse`, which throws. */
export const noDurableEffects = (refuse: () => never) =>
  ({
    sleep: refuse,
    receive: refuse,
    listen: refuse,
    ask: refuse,
    expire: refuse,
    spawn: refuse,
    childEnd: refuse,
    waiting: refuse,
  }) satisfies DurableEffects;
