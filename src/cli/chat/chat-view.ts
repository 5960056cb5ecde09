import { textOf } from '../../contracts/json/json.js';
import type { Session } from '../client/session.js';
import type { ChatEvent } from './chat-events.js';

const MAX_CALL = 100;

/** Shows the events of an answer: its text on stdout, its tool calls between. With `--json` each event is a line. */
export class ChatView {
  private text = '';
  private failed = false;
  /** True after a line that is no part of the answer: the answer's own blank lines follow it no more. */
  private isAside = false;

  constructor(private readonly session: Session) {}

  /** True if the answer ended with an error. */
  get hasFailed(): boolean {
    return this.failed;
  }

  show(event: ChatEvent): void {
    if (event.type === 'error') this.failed = true;
    if (this.session.json) return this.write(`${JSON.stringify(event)}\n`);
    switch (event.type) {
      case 'content_block_delta':
        return this.add(event.delta.text);
      case 'attempt_reset':
        return this.begin(event.text);
      case 'tool_start':
        return this.aside(`→ ${event.name} ${shortened(event.input)}`);
      case 'tool_result':
        return event.is_error ? this.aside(`✗ ${shortened(event.output)}`) : undefined;
      case 'error':
        return this.aside(`error: ${event.error}`, 'red');
      case 'message_stop':
        return this.end();
      case 'message_start':
      case 'turn_start':
        return undefined;
    }
  }

  private add(text: string): void {
    this.text += text;
    this.write(this.isAside ? text.replace(/^\n+/, '') : text);
    this.isAside = false;
  }

  /** A repeated turn: what was shown of it cannot be taken back from a terminal, so the answer is shown again. */
  private begin(text: string): void {
    this.aside('the answer is begun again');
    this.text = '';
    this.add(text);
  }

  private aside(line: string, style: 'dim' | 'red' = 'dim'): void {
    if (this.text !== '' && !this.text.endsWith('\n')) this.add('\n');
    this.write(`${this.session.paint(style, line)}\n`);
    this.isAside = true;
  }

  private end(): void {
    if (!this.text.endsWith('\n')) this.write('\n');
    this.text = '';
  }

  private write(text: string): void {
    this.session.io.out.write(text);
  }
}

function shortened(value: Parameters<typeof textOf>[0]): string {
  const text = textOf(value).replace(/\s+/g, ' ');
  return text.length <= MAX_CALL ? text : `${text.slice(0, MAX_CALL)}…`;
}
