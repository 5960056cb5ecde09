const RETRY = 'write retry: { attempts: 3 }, which counts the first attempt too';
const IF = 'write if: "{{ … }}"';
const INPUTS = 'write inputs:';
const ORDER = 'steps run one after the other; use parallel: to run them at the same time';
const START = 'a directive does not start by itself: let cron call mission run NAME --no-wait';
const TIME = 'write limits: { duration_seconds: 600 }';
const STEPS = 'write steps:';

/** Keys of other workflow languages, with the equivalent here. */
const HINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a step': {
    retries: RETRY,
    max_retries: RETRY,
    maxRetries: RETRY,
    retry_count: RETRY,
    when: IF,
    condition: IF,
    with: INPUTS,
    params: INPUTS,
    args: INPUTS,
    needs: ORDER,
    depends_on: ORDER,
    dependsOn: ORDER,
  },
  'a directive': {
    schedule: START,
    cron: START,
    on: START,
    trigger: START,
    triggers: START,
    retries: 'write retry: { attempts: 3 } in the steps that are to be retried',
    timeout: TIME,
    timeout_seconds: TIME,
    jobs: STEPS,
    tasks: STEPS,
    nodes: STEPS,
  },
};

/** Hint for a key of another workflow language; undefined for any other key. */
export function foreignKeyHint(what: string, key: string): string | undefined {
  const hints = HINTS[what];
  return hints && Object.hasOwn(hints, key) ? hints[key] : undefined;
}
