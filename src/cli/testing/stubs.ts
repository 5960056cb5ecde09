import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** What a call answers, or how a question ends. */
export interface Answer {
  result?: Json;
  error?: { code?: string; message: string; data?: Json; retryable?: boolean };
  decision?: 'approved' | 'denied' | 'expired';
  by?: string;
  comment?: string;
  form?: JsonObject;
  /** How long it takes, on the run's own clock. */
  after_seconds: number;
}

/** One answer for every call, or one for each in their order. */
export type GivenAnswers = Answer | Answer[];

/** What a test says about one step. */
export interface GivenStep {
  answers?: GivenAnswers;
  /** By iteration, such as `0` or `1.2`; the calls of one iteration are its attempts. */
  iterations: Map<string, GivenAnswers>;
}

/** Something that a run is told from outside. */
export interface TimedMessage {
  name: string;
  payload: Json;
  after_seconds: number;
}

/** Everything that a test gives to a run. */
export interface Given {
  inputs: JsonObject;
  /** Epoch milliseconds of its start. */
  now: number;
  actor: string;
  trigger: 'manual' | 'schedule' | 'alert' | 'event';
  steps: Map<string, GivenStep>;
  /** When somebody cancels it, if at all. */
  cancel_after_seconds?: number;
  signals: TimedMessage[];
  events: TimedMessage[];
}

/** A test gives too little: what to write. */
export class NotGiven extends Error {}

/** Who knows what a step answers. */
export interface Answers {
  /** @throws NotGiven */
  next(name: string, kind: string, place: StepPlace, attempt: number, inputs: Json): Answer;
}

/** Hands out the answers that a test gives, each once where they are listed. */
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
    throw new NotGiven(`${key} is called again after ${said}: add one to given.${name}`);
  }
}

function absent(
  name: string,
  kind: string,
  iteration: string,
  given: GivenStep | undefined,
): string {
  if (given) {
    return `the ${kind} ${name} runs in iteration ${iteration}, for which the test gives nothing: write given.${name}.iterations."${iteration}"`;
  }
  const write = kind === 'approve' ? '{ decision: approved, by: … }' : '{ result: … }';
  return `the ${kind} ${name} is reached, and the test gives nothing for it: write given.${name}: ${write}`;
}
