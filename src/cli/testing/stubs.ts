import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** The stubbed answer of a call or of a question. */
export interface Answer {
  result?: Json;
  error?: { code?: string; message: string; data?: Json; retryable?: boolean };
  decision?: 'approved' | 'denied' | 'expired';
  by?: string;
  comment?: string;
  form?: JsonObject;
  /** Duration of the call in simulated seconds. */
  after_seconds: number;
}

/** One answer for every call, or a list with one for each call in order. */
export type GivenAnswers = Answer | Answer[];

/** The stubs of one step. */
export interface GivenStep {
  answers?: GivenAnswers;
  /**
   * Answers by iteration, such as `0` or `1.2`; a list holds the answers of
   * successive attempts.
   */
  iterations: Map<string, GivenAnswers>;
}

/** A signal or event that the run receives at a time. */
export interface TimedMessage {
  name: string;
  payload: Json;
  after_seconds: number;
}

/** The complete input of a simulated run. */
export interface Given {
  inputs: JsonObject;
  /** Start of the run, in epoch milliseconds. */
  now: number;
  actor: string;
  trigger: 'manual' | 'schedule' | 'alert' | 'event';
  steps: Map<string, GivenStep>;
  /** Time of a cancellation; absent without one. */
  cancel_after_seconds?: number;
  signals: TimedMessage[];
  events: TimedMessage[];
}

/** Thrown where a stub is missing; the message says what to write. */
export class NotGiven extends Error {}

/** A source of answers to a run's calls. */
export interface Answers {
  /** @throws NotGiven where there is no answer */
  next(name: string, kind: string, place: StepPlace, attempt: number, inputs: Json): Answer;
}

/** Returns the answers of a test; each answer of a list is used once. */
export class StubbedAnswers implements Answers {
  private readonly used = new Map<string, number>();

  constructor(private readonly steps: Given['steps']) {}

  next(name: string, kind: string, { iteration }: StepPlace): Answer {
    const given = this.steps.get(name);
    const own = given?.iterations.get(iteration);
    const answers = own ?? given?.answers;
    if (!answers) throw new NotGiven(absent(name, kind, iteration, given));
    if (!Array.isArray(answers)) return answers;
    const key = own ? `${name}[${iteration}]` : name;
    const count = this.used.get(key) ?? 0;
    this.used.set(key, count + 1);
    const answer = answers[count];
    if (answer) return answer;
    const said = `${answers.length} answer${answers.length === 1 ? '' : 's'}`;
    throw new NotGiven(`${key} is called again after ${said}: add another answer to given.${name}`);
  }
}

function absent(
  name: string,
  kind: string,
  iteration: string,
  given: GivenStep | undefined,
): string {
  if (given) {
    return `the test gives no answer for iteration ${iteration} of the ${kind} ${name}: write given.${name}.iterations."${iteration}"`;
  }
  const write = kind === 'approve' ? '{ decision: approved, by: … }' : '{ result: … }';
  return `the test gives no answer for the ${kind} ${name}: write given.${name}: ${write}`;
}
